{#- Rows of person records are left out: their keys meet in the record's node. So are automatic touches: a scanner's
    browser is nobody's. -#}
{%- set keys = touch_keys() -%}

{%- set stated = ['lead_ref', 'contact_ref', 'unionid', 'external_userid', 'openid', 'email', 'phone', 'visitor_id'] -%}

with

-- Few events carry two ids, so that the others are never normalised.
events as (
    {% for touch_view in touch_views() %}
    select feed, delivery_id, delivery_row, known_at, source_system, ref_system, {{ stated | join(', ') }}, wechat_account_id, corp_id
    from {{ ref(touch_view) }}
    where
        node_key is null
        and not is_deleted
        and {% for column in stated %}case when {{ column }} is null then 0 else 1 end{{ " + " if not loop.last }}{% endfor %} >= 2
    {{ "union all" if not loop.last }}
    {% endfor %}
),

keyed as (
    select
        events.known_at
        {%- for kind, key in keys.items() %},
        {{ key }} as {{ kind }}_key
        {%- endfor %}
    from events
    left join {{ ref('int_cleansing__automatic_touches') }} as automatic
        on
            events.feed = automatic.feed
            and events.delivery_id = automatic.delivery_id
            and events.delivery_row = automatic.delivery_row
    where automatic.feed is null
),

key_sets as (
    select
        {% for kind in keys %}{{ kind }}_key, {% endfor %}
        {{ knowledge_date('min(known_at)') }} as known_on
    from keyed
    group by {% for kind in keys %}{{ kind }}_key{{ ", " if not loop.last }}{% endfor %}
),

pairs as (
    {% for kind_a in keys %}
    {% for kind_b in (keys | list)[loop.index:] %}
    {{ "union all" if not loop.first or kind_a != (keys | first) }}
    select
        '{{ kind_a }}' as key_kind_a,
        {{ kind_a }}_key as key_key_a,
        '{{ kind_b }}' as key_kind_b,
        {{ kind_b }}_key as key_key_b,
        known_on
    from key_sets
    where {{ kind_a }}_key is not null and {{ kind_b }}_key is not null
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
