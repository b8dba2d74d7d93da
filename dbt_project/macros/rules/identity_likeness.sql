{# Identity by likeness (R08). The rule rows become constants of the SQL, each with its own days, because a join on
   comparators would compute every one of them for every pair. Before the rules were built there are no rows. #}

{% macro comparison_rows() %}
    {{ return(rule_rows(ref('rul_cleansing__identity_comparisons'), "select subject, attribute, comparator, argument, points, rule_key, status, cast(valid_from as varchar), cast(valid_to as varchar) from " ~ ref('rul_cleansing__identity_comparisons') ~ " order by subject, attribute, points desc, rule_key")) }}
{% endmacro %}

{% macro block_rows() %}
    {{ return(rule_rows(ref('rul_cleansing__identity_blocks'), "select subject, attribute, form, other_attribute, other_form, most_members, rule_key, status, cast(valid_from as varchar), cast(valid_to as varchar) from " ~ ref('rul_cleansing__identity_blocks') ~ " order by rule_key")) }}
{% endmacro %}

{# Attributes that some rule compares or blocks by. #}
{% macro compared_attributes() %}
    {% set names = [] %}
    {% for row in comparison_rows() if row[1] != 'total' and row[1] not in names %}{% do names.append(row[1]) %}{% endfor %}
    {% for row in block_rows() %}
        {% for name in [row[1], row[3]] if name and name not in names %}{% do names.append(name) %}{% endfor %}
    {% endfor %}
    {{ return(names | sort) }}
{% endmacro %}

{# The normal form in which an attribute is compared, from a row of int_cleansing__current_records. #}
{% macro person_likeness(attribute) %}
    {% if attribute.startswith('custom:') %}
        {{ return("nullif(" ~ match_form(json_get('custom_attributes', sql_text(attribute[7:]))) ~ ", '')") }}
    {% endif %}
    {{ return({
        'person_name': person_name_key('person_name'),
        'company_name': company_key('company_name', 'as_of_date'),
        'email_number': 'email',
        'phone': "case when mobile is null or phone <> mobile then phone end",
        'job_title': match_form('job_title'),
        'department': match_form('department'),
        'credit_code': 'cast(null as varchar)',
    }.get(attribute, attribute)) }}
{% endmacro %}

{# What two records must share: the form of an attribute that a block asks for. #}
{% macro block_form(value, form) %}
    {% if form == 'whole' %}{{ return(value) }}
    {% elif form == 'sorted' %}{{ return(sorted_characters(value)) }}
    {% elif form == 'skeleton' %}{{ return("substr(" ~ value ~ ", 1, 1) || " ~ regex_replace("substr(" ~ value ~ ", 2)", "'[aeiouyhw]'", "''")) }}
    {% elif form.startswith('first_') %}{{ return("left(" ~ value ~ ", " ~ form[6:] ~ ")") }}
    {% elif form.startswith('last_') %}{{ return("right(" ~ value ~ ", " ~ form[5:] ~ ")") }}
    {% endif %}
    {{ exceptions.raise_compiler_error('rule_cleansing__identity_blocks: no form ' ~ form) }}
{% endmacro %}

{# True where a comparator holds between two known values. #}
{% macro comparator_holds(comparator, argument, a, b) %}
    {% set long_enough = "least(" ~ byte_length(a) ~ ", " ~ byte_length(b) ~ ") >= " ~ (argument or 0) %}
    {% if comparator == 'equal' %}{{ return(a ~ " = " ~ b ~ " and " ~ byte_length(a) ~ " >= " ~ (argument or 0)) }}
    {% elif comparator == 'contains' %}{{ return("(contains(" ~ a ~ ", " ~ b ~ ") or contains(" ~ b ~ ", " ~ a ~ ")) and " ~ long_enough) }}
    {% elif comparator == 'swapped' %}{{ return("length(" ~ a ~ ") = length(" ~ b ~ ") and " ~ long_enough ~ " and " ~ sorted_characters(a) ~ " = " ~ sorted_characters(b)) }}
    {% elif comparator == 'edits' %}{{ return(edits_between(a, b) ~ " <= " ~ argument) }}
    {% elif comparator == 'similar' %}{{ return("100 * (greatest(length(" ~ a ~ "), length(" ~ b ~ ")) - " ~ edits_between(a, b) ~ ") >= " ~ argument ~ " * greatest(length(" ~ a ~ "), length(" ~ b ~ "))") }}
    {% elif comparator == 'numbered' %}{{ return(a ~ " <> " ~ b ~ " and " ~ regex_replace(a, "'[0-9]'", "''") ~ " = " ~ regex_replace(b, "'[0-9]'", "''")) }}
    {% elif comparator == 'differs' %}{{ return(a ~ " <> " ~ b) }}
    {% endif %}
    {{ exceptions.raise_compiler_error('rule_cleansing__identity_comparisons: no comparator ' ~ comparator) }}
{% endmacro %}

{# The first of the days between which the same rows are in force: pairs are scored once for all day-ends in between. #}
{% macro rules_from(on_date) -%}
{%- set days = first_days(comparison_rows()) -%}
{%- set expressions = [] -%}
{%- for day in days %}{% do expressions.append((day, "cast('" ~ day ~ "' as date)")) %}{% endfor -%}
{{ by_first_day(expressions, on_date) if expressions else "cast('2000-01-01' as date)" }}
{%- endmacro %}

{# True where a row of (…, status, valid_from, valid_to) is in force; rows that always are cost nothing. #}
{% macro row_in_force(row, on_date) -%}
{%- if row[-3] != 'active' -%} false
{%- elif row[-2] == '2000-01-01' and row[-1] == '9999-12-31' -%} true
{%- else -%} ({{ on_date }} >= cast('{{ row[-2] }}' as date) and {{ on_date }} < cast('{{ row[-1] }}' as date))
{%- endif -%}
{%- endmacro %}

{# The sum that decides (`link_from`, `apart_until`, `most_members`) as an expression; null where no row is in force. #}
{% macro deciding_number(comparator, subject, on_date) -%}
{%- set cases = [] -%}
{%- for row in comparison_rows() if row[2] == comparator -%}
    {%- do cases.append("when " ~ subject ~ " = '" ~ row[0] ~ "' and " ~ row_in_force(row, on_date) ~ " then " ~ (row[3] if comparator == 'most_members' else row[4])) -%}
{%- endfor -%}
{{ "case " ~ cases | join(' ') ~ " end" if cases else "cast(null as bigint)" }}
{%- endmacro %}

{# Two CTEs. `weighed`: the pairs (subject, values_a, values_b, rules_on) with the number of the comparison that holds, per
   attribute. `scored`: their points, and those among them that speak against.
   pairs: a relation of distinct pairs; values_relation: int_cleansing__match_values. #}
{% macro scored_pairs(pairs, values_relation) %}
{%- set rows = comparison_rows() -%}
{%- set attributes = [] -%}
{%- for row in rows if row[1] != 'total' and row[1] not in attributes %}{% do attributes.append(row[1]) %}{% endfor -%}
compared_values as (
    select distinct values_key{% for attribute in attributes %}, {{ adapter.quote(attribute) }}{% endfor %}
    from {{ values_relation }}
    where values_key in (select values_a from {{ pairs }} union select values_b from {{ pairs }})
),

weighed as (
    select
        pairs.subject,
        pairs.values_a,
        pairs.values_b,
        pairs.rules_on
        {%- for attribute in attributes %}
        {%- set a, b = 'a.' ~ adapter.quote(attribute), 'b.' ~ adapter.quote(attribute) %},
        {{ a }} as a_{{ loop.index }},
        {{ b }} as b_{{ loop.index }},
        case
            when {{ a }} is null or {{ b }} is null then null
            {%- for row in rows if row[1] == attribute and row[-3] == 'active' %}
            when pairs.subject = '{{ row[0] }}' and {{ row_in_force(row, 'pairs.rules_on') }} and {{ comparator_holds(row[2], row[3], a, b) }} then {{ row_number_of(rows, row) }}
            {%- endfor %}
        end as held_{{ loop.index }}
        {%- endfor %}
    from {{ pairs }} as pairs
    inner join compared_values as a on pairs.values_a = a.values_key
    inner join compared_values as b on pairs.values_b = b.values_key
),

scored as (
    select
        subject,
        values_a,
        values_b,
        rules_on,
        cast(0
        {%- for attribute in attributes %}
        + case held_{{ loop.index }}{% for row in rows if row[1] == attribute %} when {{ row_number_of(rows, row) }} then {{ row[4] }}{% endfor %} else 0 end
        {%- endfor %} as bigint) as points,
        cast(0
        {%- for attribute in attributes %}
        + case held_{{ loop.index }}{% for row in rows if row[1] == attribute and row[4] < 0 %} when {{ row_number_of(rows, row) }} then {{ row[4] }}{% endfor %} when 0 then 0 else 0 end
        {%- endfor %} as bigint) as points_against,
        {{ deciding_number('link_from', 'subject', 'rules_on') }} as link_from,
        {{ deciding_number('apart_until', 'subject', 'rules_on') }} as apart_until
        {%- for attribute in attributes %},
        a_{{ loop.index }},
        b_{{ loop.index }},
        held_{{ loop.index }}
        {%- endfor %}
    from weighed
)
{% endmacro %}

{# The evidence of a scored pair: a JSON list with one object per comparison that gave points. #}
{% macro evidence_of_pair() %}
{%- set rows = comparison_rows() -%}
{%- set attributes = [] -%}
{%- for row in rows if row[1] != 'total' and row[1] not in attributes %}{% do attributes.append(row[1]) %}{% endfor -%}
'[' || concat_ws(', '
{%- for attribute in attributes -%}
{%- set points, keys = [], [] -%}
{%- for row in rows if row[1] == attribute -%}
    {%- do points.append('when ' ~ row_number_of(rows, row) ~ ' then ' ~ row[4]) -%}
    {%- do keys.append('when ' ~ row_number_of(rows, row) ~ " then '" ~ row[5] ~ "'") -%}
{%- endfor -%}
,
        case when held_{{ loop.index }} is not null then {{ json_of({
            'attribute': sql_text(attribute),
            'a': 'a_' ~ loop.index,
            'b': 'b_' ~ loop.index,
            'points': 'case held_' ~ loop.index ~ ' ' ~ points | join(' ') ~ ' end',
            'rule_key': 'case held_' ~ loop.index ~ ' ' ~ keys | join(' ') ~ ' end',
        }) }} end
{%- endfor %}{{ ", null" if not attributes }}) || ']'
{%- endmacro %}

{% macro row_number_of(rows, row) %}
    {% for other in rows %}{% if other[5] == row[5] %}{{ return(loop.index) }}{% endif %}{% endfor %}
{% endmacro %}

{# The compared values as one text, nulls included. #}
{% macro values_as_text(attributes) %}
    {%- for attribute in attributes %} || '|' || coalesce({{ adapter.quote(attribute) }}, '~'){% endfor -%}
{% endmacro %}
