{#- Rows of person records are left out: their keys meet in the record's node. So are automatic touches: a scanner's
    browser is nobody's. -#}
{%- set key_columns = touch_key_columns() | reject('equalto', 'node_key') | list -%}

with

key_sets as (
    select
        {{ key_columns | join(',\n        ') }},
        min(known_on) as known_on
    from {{ ref('int_cleansing__touch_events') }}
    where
        not is_automatic
        and node_key is null
        and {% for key in key_columns %}case when {{ key }} is null then 0 else 1 end{{ " + " if not loop.last }}{% endfor %} >= 2
    group by {{ key_columns | join(', ') }}
),

pairs as (
    {% for key_a in key_columns %}
    {% for key_b in key_columns[loop.index:] %}
    {{ "union all" if not loop.first or key_a != key_columns[0] }}
    select
        '{{ key_a[:-4] }}' as key_kind_a,
        {{ key_a }} as key_key_a,
        '{{ key_b[:-4] }}' as key_kind_b,
        {{ key_b }} as key_key_b,
        known_on
    from key_sets
    where {{ key_a }} is not null and {{ key_b }} is not null
    {% endfor %}
    {% endfor %}
)

select
    key_kind_a,
    key_key_a,
    key_kind_b,
    key_key_b,
    min(known_on) as known_on
from pairs
group by key_kind_a, key_key_a, key_kind_b, key_key_b
