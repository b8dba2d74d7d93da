{#- Every version of every row of rul_cleansing__verdicts that looks at one record alone, rendered as constant predicates;
    each feed is read once. Rules that need other tables have a model of their own. A check against the list of mail domains
    catches whatever the list ever held, and each hit says on which days it did. -#}
{%- set rules_query -%}
    select rule_key, rule_id, feed, attribute, check_kind, argument, min_value, max_value, verdict
    from {{ ref('rul_cleansing__verdicts') }}
    where status = 'active' and check_kind <> 'unknown_touch_type'
    order by feed, rule_key
{%- endset -%}
{%- set terms_query -%}
    select vocabulary, code from {{ ref('rul_vocabulary__terms') }} order by vocabulary, code
{%- endset -%}
{%- set domains_query -%}
    select mail_domain_kind, domain from {{ ref('rul_cleansing__mail_domains') }}
    where status = 'active'
    group by mail_domain_kind, domain
    order by mail_domain_kind, domain
{%- endset -%}
{%- set terms = codes_by_list(ref('rul_vocabulary__terms'), terms_query) -%}
{%- set domains = codes_by_list(ref('rul_cleansing__mail_domains'), domains_query) -%}
{%- set staged = staged_feeds() -%}
{%- set rules_of_feeds = {} -%}
{%- for row in rule_rows(ref('rul_cleansing__verdicts'), rules_query) -%}
    {%- do rules_of_feeds.setdefault(row['feed'], []).append(row.dict()) -%}
{%- endfor -%}

with
{% for feed, rules in rules_of_feeds.items() %}
{%- set columns = contract_columns(feed) %}
{{ feed }}_checked as (
    select
        feed,
        record_key,
        delivery_id,
        delivery_row,
        known_on
        {%- for rule in rules %},
        {{ caught_by(rule, columns, terms, domains) }} as is_caught_{{ loop.index }},
        cast({{ checked_column(rule, columns) }} as {{ dbt.type_string() }}) as value_{{ loop.index }}
        {%- endfor %}
    from {{ staged[feed] }}
    where not is_deleted
),

{{ feed }}_caught as (
    select * from {{ feed }}_checked
    where {% for rule in rules %}{{ "or " if not loop.first }}is_caught_{{ loop.index }} {% endfor %}
),
{% endfor %}
mail_domains as (
    select * from {{ ref('rul_cleansing__mail_domains') }}
    where status = 'active'
),

hits as (
    {% for feed, rules in rules_of_feeds.items() %}
    {% for rule in rules %}
    select
        feed, record_key, delivery_id, delivery_row, known_on,
        {{ sql_text(rule.attribute) if rule.attribute else 'cast(null as ' ~ dbt.type_string() ~ ')' }} as attribute,
        {{ sql_text(rule.rule_key) }} as rule_key,
        {{ sql_text(rule.rule_id) }} as rule_id,
        {{ sql_text(rule.verdict) }} as verdict,
        value_{{ loop.index }} as value_text,
        {%- if rule.check_kind == 'domain_kind' %}
        mail_domains.valid_from as listed_from,
        mail_domains.valid_to as listed_to
    from {{ feed }}_caught
    inner join mail_domains
        on
            {{ email_domain(normal_email('value_' ~ loop.index)) }} = mail_domains.domain
            and mail_domains.mail_domain_kind = {{ sql_text(rule.argument) }}
        {%- else %}
        cast('0001-01-01' as date) as listed_from,
        cast('9999-12-31' as date) as listed_to
    from {{ feed }}_caught
        {%- endif %}
    where is_caught_{{ loop.index }}
    union all
    {% endfor %}
    {% endfor %}
    select
        feed, record_key, delivery_id, delivery_row, known_on,
        record_key as attribute, record_key as rule_key, record_key as rule_id, record_key as verdict, record_key as value_text,
        known_on as listed_from, known_on as listed_to
    from {{ staged['campaigns'] }}
    where false
)

select * from hits
