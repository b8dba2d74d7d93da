{# A band holds from its lower to its upper percent of full marks, lower end included (BND rules). #}
{% set band_sets = [
    ('total', 'score_milli', 'band'), ('fit', 'fit_milli', 'fit_band'),
    ('engagement', 'engagement_milli', 'engagement_band'), ('bant', 'bant_milli', 'bant_band'),
] %}

with

totals as (
    select * from {{ ref('int_scoring__lead_totals') }}
),

bands as (
    select * from {{ ref('rul_scoring__bands') }}
),

last_activity as (
    select as_of_date, lead_id, max(occurred_on) as last_activity_on
    from {{ ref('int_scoring__engagement_days') }}
    where is_activity = 1 and state = 'day_end'
    group by as_of_date, lead_id
)

select
    totals.*,
    last_activity.last_activity_on,
    {% for band_set, measure, column in band_sets %}
    {{ column }}_rule.band as {{ column }}{{ ',' if not loop.last }}
    {% endfor %}
from totals
left join last_activity
    on totals.as_of_date = last_activity.as_of_date and totals.lead_id = last_activity.lead_id
{% for band_set, measure, column in band_sets %}
left join bands as {{ column }}_rule
    on
        {{ column }}_rule.band_set = '{{ band_set }}'
        and totals.{{ measure }} >= {{ column }}_rule.lower_pct * 1000
        and totals.{{ measure }} < {{ column }}_rule.upper_pct * 1000
        and {{ active_on(column ~ '_rule', 'totals.as_of_date') }}
{% endfor %}
