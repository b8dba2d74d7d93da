{# The staging model of every feed. #}
{% macro staged_feeds() %}
    {{ return({
        'crm_leads': ref('stg_crm__leads'),
        'crm_accounts': ref('stg_crm__accounts'),
        'crm_contacts': ref('stg_crm__contacts'),
        'crm_opportunities': ref('stg_crm__opportunities'),
        'crm_reps': ref('stg_crm__reps'),
        'campaigns': ref('stg_marketing__campaigns'),
        'form_submissions': ref('stg_web__form_submissions'),
        'web_events': ref('stg_web__events'),
        'wechat_events': ref('stg_wechat__events'),
        'wecom_events': ref('stg_wecom__events'),
        'event_participations': ref('stg_events__participations'),
        'content_downloads': ref('stg_content__downloads'),
        'content_items': ref('stg_content__items'),
        'message_events': ref('stg_messages__events'),
        'chat_messages': ref('stg_chat__messages'),
        'surveys': ref('stg_surveys__answers'),
        'share_links': ref('stg_sharing__links'),
        'sales_activities': ref('stg_sales__activities'),
        'sales_feedback': ref('stg_sales__feedback'),
        'customer_events': ref('stg_customers__events'),
        'company_registry': ref('stg_registry__companies'),
        'consents': ref('stg_consent__consents'),
        'lead_operations': ref('stg_operations__lead_operations'),
    }) }}
{% endmacro %}

{# The predicate that is true for a record that one row of rul_cleansing__verdicts catches. Text is matched in lower case;
   an unknown value is only caught by `required` and `unreachable`.
   rule: the row as a dictionary; terms, domains: code lists by vocabulary and by kind of mail domain. #}
{% macro caught_by(rule, contract_columns, terms, domains) %}
    {%- set value = checked_column(rule, contract_columns) -%}
    {%- set kind = rule.check_kind -%}
    {%- if kind == 'regex' -%}
        {%- set predicate = regex_matches('lower(' ~ value ~ ')', sql_text(rule.argument)) -%}
    {%- elif kind == 'not_regex' -%}
        {%- set predicate = 'not ' ~ regex_matches('lower(' ~ value ~ ')', sql_text(rule.argument)) -%}
    {%- elif kind == 'required' -%}
        {%- set predicate = value ~ ' is null' -%}
    {%- elif kind == 'range' -%}
        {%- set bounds = [] -%}
        {%- if rule.min_value is not none -%}{%- do bounds.append(value ~ ' < ' ~ rule.min_value) -%}{%- endif -%}
        {%- if rule.max_value is not none -%}{%- do bounds.append(value ~ ' > ' ~ rule.max_value) -%}{%- endif -%}
        {%- set predicate = '(' ~ bounds | join(' or ') ~ ')' -%}
    {%- elif kind == 'in_future' -%}
        {%- set predicate = value ~ ' > ' ~ add_seconds('known_at', (rule.max_value or 0) | int * 86400) -%}
    {%- elif kind == 'before' -%}
        {%- set predicate = value ~ ' < ' ~ rule.argument -%}
    {%- elif kind == 'vocabulary' -%}
        {%- set predicate = value ~ ' not in (' ~ sql_texts(terms.get(rule.argument, [])) ~ ')' -%}
    {%- elif kind == 'domain_kind' -%}
        {%- set predicate = email_domain(normal_email(value)) ~ ' in (' ~ sql_texts(domains.get(rule.argument, [])) ~ ')' -%}
    {%- elif kind == 'credit_code' -%}
        {%- set predicate = value ~ ' is not null and (' ~ normal_credit_code(value) ~ ') is null' -%}
    {%- elif kind == 'unparsed' -%}
        {%- set predicate = value ~ ' is not null' -%}
    {%- elif kind == 'unreachable' -%}
        {%- set predicate = is_unreachable(contract_columns) -%}
    {%- else -%}
        {{ exceptions.raise_compiler_error("seeds/rules/cleansing/rule_cleansing__verdicts.csv, rule " ~ rule.rule_key ~ ": no check of kind '" ~ kind ~ "'. Kinds are the vocabulary check_kind.") }}
    {%- endif -%}
    {{ return('coalesce(' ~ predicate ~ ', false)') }}
{% endmacro %}

{# The expression that a rule row checks: a column of the contract, custom:<column>, or what did not parse. #}
{% macro checked_column(rule, contract_columns) %}
    {%- set attribute = rule.attribute or '' -%}
    {%- if rule.check_kind == 'unreachable' -%}
        {{ return("cast(null as " ~ dbt.type_string() ~ ")") }}
    {%- elif rule.check_kind == 'unparsed' -%}
        {{ return('unparsed_values' if attribute in ('', 'any') else json_get('unparsed_values', sql_text(attribute))) }}
    {%- elif attribute.startswith('custom:') -%}
        {{ return(json_get('custom_attributes', sql_text(attribute[7:]))) }}
    {%- elif attribute in contract_columns -%}
        {{ return(attribute) }}
    {%- endif -%}
    {{ exceptions.raise_compiler_error("seeds/rules/cleansing/rule_cleansing__verdicts.csv, rule " ~ rule.rule_key ~ ": " ~ rule.feed ~ " has no column '" ~ attribute ~ "'. Columns are those of models/staging/_raw__sources.yml.") }}
{% endmacro %}

{# True where a record holds neither a contact that works nor the id of a record that may. #}
{% macro is_unreachable(contract_columns) %}
    {%- set parts = [] -%}
    {%- for column in ['email', 'phone', 'mobile', 'unionid', 'openid', 'external_userid', 'lead_ref'] if column in contract_columns -%}
        {%- set value = normal_email(column) if column == 'email' else normal_phone(column) if column in ('phone', 'mobile') else column -%}
        {%- do parts.append('(' ~ value ~ ') is null') -%}
    {%- endfor -%}
    {{ return(parts | join(' and ')) }}
{% endmacro %}

{# Texts as a list of SQL literals; a list that nothing is in when there are none. #}
{% macro sql_texts(values) %}
    {%- set literals = [] -%}
    {%- for value in values -%}{%- do literals.append(sql_text(value)) -%}{%- endfor -%}
    {{ return(literals | join(', ') if literals else 'null') }}
{% endmacro %}

{# The columns of a feed's contract, as written in models/staging/_raw__sources.yml. #}
{% macro contract_columns(feed) %}
    {% if not execute %}{{ return([]) }}{% endif %}
    {{ return(graph.sources['source.' ~ project_name ~ '.raw.' ~ feed].columns.keys() | list) }}
{% endmacro %}

{# Rows of (list, code) as a dictionary of lists. #}
{% macro codes_by_list(relation, query) %}
    {%- set codes = {} -%}
    {%- for row in rule_rows(relation, query) -%}
        {%- do codes.setdefault(row[0], []).append(row[1]) -%}
    {%- endfor -%}
    {{ return(codes) }}
{% endmacro %}
