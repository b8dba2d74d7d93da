{%- set text = dbt.type_string() -%}
{%- set periods = [('week', dbt.date_trunc('week', 'counted_on')), ('month', dbt.date_trunc('month', 'counted_on'))] -%}
{%- set breakdowns = {
    'all': "'all'", 'segment': 'segment', 'source_channel': 'source_channel', 'campaign': "coalesce(campaign_ref, 'unknown')"
} -%}
{%- set reached = ['valid', 'mql', 'sal', 'sql', 'opportunity', 'won'] -%}
{%- set ways = {'to_hand_over': 'handed_over', 'to_first_work': 'worked', 'to_accept': 'accepted', 'to_win': 'won'} -%}
-- What came of the leads (R51), by period. Each figure counts by its own day: a lead by its capture, a hand-over by the day of
-- the hand-over, a deal by the day it was won; docs/outcomes.md defines all of them.
with

leads as (
    select * from {{ ref('fct_lead_lifecycle') }}
),

-- Cost is spent evenly over the days of a campaign, to the fen: what is spent until the evening minus what was until the one before.
spent_days as (
    select
        campaigns.campaign_id,
        dates.date_day as counted_on,
        {{ floor_div('cost_fen * (1 + ' ~ days_between('started_on', 'date_day') ~ ')', 'campaign_days') }}
        - {{ floor_div('cost_fen * ' ~ days_between('started_on', 'date_day'), 'campaign_days') }} as spent_fen
    from {{ ref('dim_campaigns') }} as campaigns
    inner join {{ ref('dim_dates') }} as dates
        on campaigns.started_on <= dates.date_day and dates.date_day <= least(campaigns.ended_on, campaigns.as_of_date)
    where campaigns.cost_fen is not null and campaigns.campaign_days > 0
),

spent as (
    {% for kind, period_from in periods %}
    select '{{ kind }}' as period_kind, cast({{ period_from }} as date) as period_from, campaign_id, sum(spent_fen) as spent_fen
    from spent_days
    group by 1, 2, 3
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- A row per lead and figure, with the day that decides its period.
counted as (
    select
        lead_id, scope, segment, source_channel, campaign_ref,
        captured_on as counted_on, 'captured' as figure, cast(null as bigint) as days,
        {% for step in reached %}
        case when is_{{ step }} then 1 else 0 end as {{ step }},
        {% endfor %}
        0 as worked, cast(null as {{ text }}) as handover_state
    from leads
    {% for figure, day, way in [
        ('handed_over', 'handed_over_on', 'days_to_hand_over'), ('worked', 'handed_over_on', 'days_to_first_work'),
        ('accepted', 'accepted_on', 'days_to_accept'), ('returned', 'returned_on', 'null'), ('opportunity', 'opportunity_on', 'null'),
        ('won', 'won_on', 'days_to_win'), ('lost', 'lost_on', 'null'),
    ] %}
    union all
    select
        lead_id, scope, segment, source_channel, campaign_ref, {{ day }}, '{{ figure }}', {{ way }},
        0, 0, 0, 0, 0, 0,
        case when worked_on is not null then 1 else 0 end, handover_state
    from leads
    where {{ day }} is not null{{ " and outcome = 'lost'" if figure == 'lost' }}
    {% endfor %}
),

in_periods as (
    {% for kind, period_from in periods %}
    select counted.*, '{{ kind }}' as period_kind, cast({{ period_from }} as date) as period_from
    from counted
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- The cost of a period is divided among the leads that the campaign brought in it, to the fen; without any it stays with it.
priced as (
    select
        in_periods.*,
        case when in_periods.figure = 'captured' then spent.spent_fen end as spent_fen,
        count(*) over campaign_period as sharers,
        row_number() over (campaign_period order by in_periods.lead_id) as sharer
    from in_periods
    left join spent
        on
            in_periods.campaign_ref = spent.campaign_id
            and in_periods.period_kind = spent.period_kind
            and in_periods.period_from = spent.period_from
    window campaign_period as (partition by in_periods.period_kind, in_periods.period_from, in_periods.campaign_ref, in_periods.figure)
),

rows_to_count as (
    select
        priced.*,
        spent_fen is not null as is_costed,
        {{ floor_div('spent_fen * sharer', 'sharers') }} - {{ floor_div('spent_fen * (sharer - 1)', 'sharers') }} as share_fen
    from priced
    union all
    select
        null, 'b2b', null, null, spent.campaign_id, null, 'idle', null,
        0, 0, 0, 0, 0, 0,
        0, null, spent.period_kind, spent.period_from, null, 0, 0, false, spent.spent_fen
    from spent
    left join in_periods as captured
        on
            captured.figure = 'captured'
            and spent.campaign_id = captured.campaign_ref
            and spent.period_kind = captured.period_kind
            and spent.period_from = captured.period_from
    where captured.lead_id is null
),

by_breakdown as (
    {% for breakdown, member in breakdowns.items() %}
    select rows_to_count.*, '{{ breakdown }}' as breakdown, {{ member }} as member
    from rows_to_count
    {{ "where figure <> 'idle'" if breakdown in ('segment', 'source_channel') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

totals as (
    select
        period_kind, period_from, scope, breakdown, member,
        {% for step in reached %}
        sum({{ step }}) as leads_{{ step }},
        sum(case when is_costed then {{ step }} else 0 end) as costed_{{ step }},
        {% endfor %}
        {% for figure in ['captured', 'handed_over', 'accepted', 'returned', 'opportunity', 'won', 'lost'] %}
        count(case when figure = '{{ figure }}' then 1 end) as n_{{ figure }},
        {% endfor %}
        count(case when is_costed then 1 end) as costed_leads,
        count(case when figure = 'handed_over' and worked = 1 then 1 end) as handed_over_worked,
        {% for state in ['accepted', 'returned'] %}
        count(case when figure = 'handed_over' and handover_state = '{{ state }}' then 1 end) as handed_over_{{ state }},
        {% endfor %}
        {% for way, figure in ways.items() %}
        percentile_disc(0.5) within group (order by case when figure = '{{ figure }}' and days >= 0 then days end) as median_days_{{ way }},
        {% endfor %}
        sum(share_fen) as spent_fen
    from by_breakdown
    group by period_kind, period_from, scope, breakdown, member
)

select
    cast(totals.period_kind as {{ text }}) as period_kind,
    cast(totals.period_from as date) as period_from,
    cast(totals.scope as {{ text }}) as scope,
    cast(totals.breakdown as {{ text }}) as breakdown,
    cast(totals.member as {{ text }}) as member,
    cast(day_ends.as_of_date as date) as as_of_date,
    cast(totals.n_captured as bigint) as leads,
    {% for step in reached %}
    cast(totals.leads_{{ step }} as bigint) as leads_{{ step }},
    {% endfor %}
    {% for column, figure in [
        ('handed_over', 'n_handed_over'), ('handed_over_worked', 'handed_over_worked'), ('handed_over_accepted', 'handed_over_accepted'),
        ('handed_over_returned', 'handed_over_returned'), ('accepted', 'n_accepted'), ('returned', 'n_returned'),
        ('deals_opened', 'n_opportunity'), ('deals_won', 'n_won'), ('deals_lost', 'n_lost'),
    ] %}
    cast(totals.{{ figure }} as bigint) as {{ column }},
    {% endfor %}
    {% for way in ways %}
    cast(totals.median_days_{{ way }} as bigint) as median_days_{{ way }},
    {% endfor %}
    {% for rate, part, whole in [
        ('valid', 'leads_valid', 'n_captured'), ('mql', 'leads_mql', 'n_captured'), ('won', 'leads_won', 'n_captured'),
        ('utilisation', 'handed_over_worked', 'n_handed_over'),
        ('acceptance', 'handed_over_accepted', '(handed_over_accepted + handed_over_returned)'),
    ] %}
    cast(case when {{ whole }} > 0 then {{ div_round(part ~ ' * 1000', whole) }} end as bigint) as {{ rate }}_permille,
    {% endfor %}
    cast(totals.spent_fen as bigint) as spent_fen,
    cast(totals.costed_leads as bigint) as costed_leads,
    {% for step in ['valid', 'mql', 'won'] %}
    cast(totals.costed_{{ step }} as bigint) as costed_{{ step }},
    cast(case when costed_{{ step }} > 0 then {{ div_round('spent_fen', 'costed_' ~ step) }} end as bigint)
        as cost_per_{{ step }}_fen{{ ',' if not loop.last }}
    {% endfor %}
from totals
inner join {{ ref('int_cleansing__day_ends') }} as day_ends on day_ends.is_current
