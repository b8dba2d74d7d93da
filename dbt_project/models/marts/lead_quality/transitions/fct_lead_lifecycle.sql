{%- set ladder = ['valid', 'engaged', 'mql', 'sal', 'sql', 'opportunity', 'customer'] -%}
{%- set aside = ['recycled', 'disqualified'] -%}
{%- set text = dbt.type_string() -%}
-- The way of a lead from capture to the deal (R42). What people stated has its own day and is the same on every replay; what
-- only the gates of a day-end say is known for as long as day-ends were computed in a row (`…_on_record`).
with

valid_steps as (
    select day_ends.as_of_date, max(gates.status_order) as valid_order
    from {{ ref('int_cleansing__day_ends') }} as day_ends
    inner join {{ ref('rul_maturity__lifecycle_gates') }} as gates
        on gates.lifecycle_status = 'valid' and {{ active_on('gates', 'day_ends.as_of_date') }}
    where day_ends.is_current
    group by day_ends.as_of_date
),

leads as (
    select
        leads.*,
        least(leads.created_on, leads.first_known_on) as captured_on,
        coalesce(statuses.status_order >= valid_steps.valid_order, false) as stands_valid,
        gates.owner_side
    from {{ ref('dim_leads') }} as leads
    left join valid_steps on leads.as_of_date = valid_steps.as_of_date
    left join {{ ref('int_maturity__lead_lifecycle') }} as statuses
        on leads.as_of_date = statuses.as_of_date and leads.lead_id = statuses.lead_id
    left join {{ ref('rul_maturity__lifecycle_gates') }} as gates on statuses.rule_key = gates.rule_key
),

judgements as (
    select
        lead_id, step, stated_on, reason,
        row_number() over (
            partition by lead_id, case when step = 'returned' then 1 else 0 end
            order by case when reason is null then 1 else 0 end asc, stated_at desc, step_key asc
        ) as newest_of_kind,
        row_number() over (
            partition by lead_id order by stated_at desc, case when step = 'returned' then 0 else 1 end asc, step_key asc
        ) as newest
    from {{ ref('fct_lead_steps') }}
    where step in ('accepted', 'qualified', 'returned')
),

steps as (
    select
        lead_id,
        min(case when step in ('handed_over', 'accepted', 'qualified', 'returned') then stated_on end) as handed_over_on,
        min(case when step in ('accepted', 'qualified') then stated_on end) as accepted_on,
        max(case when step = 'qualified' then 1 else 0 end) as is_qualified,
        min(case when step = 'opportunity' then stated_on end) as opportunity_on,
        count(distinct case when step = 'opportunity' then record_key end)
        - count(distinct case when step in ('won', 'lost') and feed = 'crm_opportunities' then record_key end) as open_deals,
        min(case when step = 'won' then stated_on end) as won_on,
        max(case when step = 'lost' then stated_on end) as lost_on
    from {{ ref('fct_lead_steps') }}
    group by lead_id
),

answers as (
    select touches.lead_id, min(touches.occurred_on) as worked_on
    from {{ ref('fct_touchpoints') }} as touches
    inner join steps on touches.lead_id = steps.lead_id and touches.occurred_on >= steps.handed_over_on
    where touches.is_response and not touches.is_automatic
    group by touches.lead_id
),

contents as (
    select
        lead_id, content_ref,
        row_number() over (partition by lead_id order by occurred_at, touch_key) as content_rank
    from {{ ref('fct_touchpoints') }}
    where lead_id is not null and content_ref is not null and not is_automatic and initiative in ('customer', 'reaction')
),

-- Who is set aside stands on no step of the ladder.
rungs as (
    select
        lifecycle_status,
        case
            when lifecycle_status in ('{{ aside | join("', '") }}') then 0
            else max(status_order)
        end as rung
    from {{ ref('rul_maturity__lifecycle_gates') }}
    group by lifecycle_status
),

-- A step is entered from below it; that the first day-end of the record found a lead on it is no entry.
moves as (
    select moves.lead_id, rungs.lifecycle_status, moves.transition_on
    from {{ ref('fct_status_transitions') }} as moves
    left join rungs as later on moves.to_status = later.lifecycle_status
    left join rungs as earlier on moves.from_status = earlier.lifecycle_status
    inner join rungs
        on
            rungs.rung > 0 and coalesce(earlier.rung, 0) < rungs.rung and rungs.rung <= later.rung
            or rungs.rung = 0 and rungs.lifecycle_status = moves.to_status
    where moves.cause <> 'opening' and not moves.has_ended
),

entries as (
    select
        lead_id,
        {% for status in ladder + aside %}
        min(case when lifecycle_status = '{{ status }}' then transition_on end) as first_{{ status }}_on,
        max(case when lifecycle_status = '{{ status }}' then transition_on end) as last_{{ status }}_on{{ ',' if not loop.last }}
        {% endfor %}
    from moves
    group by lead_id
),

reached as (
    select
        leads.*,
        steps.handed_over_on, steps.accepted_on, steps.opportunity_on, steps.won_on, steps.lost_on, steps.open_deals,
        steps.opportunity_on is not null or steps.won_on is not null or leads.lifecycle_status in ('opportunity', 'customer') as has_deal,
        coalesce(steps.is_qualified, 0) = 1 or leads.lifecycle_status = 'sql' as is_qualified,
        steps.accepted_on is not null or leads.lifecycle_status = 'sal' as is_accepted,
        steps.handed_over_on is not null or leads.lifecycle_status = 'mql' as is_given
    from leads
    left join steps on leads.lead_id = steps.lead_id
)

select
    cast(reached.lead_id as {{ text }}) as lead_id,
    cast(reached.as_of_date as date) as as_of_date,
    cast(reached.scope as {{ text }}) as scope,
    cast(coalesce(reached.segment, 'default') as {{ text }}) as segment,
    cast(reached.source_channel as {{ text }}) as source_channel,
    cast(coalesce(sources.recorded_campaign_ref, sources.first_campaign_ref) as {{ text }}) as campaign_ref,
    cast(contents.content_ref as {{ text }}) as first_content_ref,
    cast(reached.owner_ref as {{ text }}) as owner_ref,
    cast(reached.lifecycle_status as {{ text }}) as lifecycle_status,
    cast(reached.owner_side as {{ text }}) as owner_side,
    cast(case
        when reached.won_on is not null then 'won' when reached.open_deals > 0 then 'open' when reached.lost_on is not null then 'lost'
    end as {{ text }}) as outcome,
    cast(case
        when reached.handed_over_on is null then null
        when newest.step is null then 'waiting'
        when newest.step = 'returned' then 'returned'
        else 'accepted'
    end as {{ text }}) as handover_state,
    cast(stands_valid or is_given or is_accepted or is_qualified or has_deal as boolean) as is_valid,
    cast(is_given or is_accepted or is_qualified or has_deal as boolean) as is_mql,
    cast(is_accepted or is_qualified or has_deal as boolean) as is_sal,
    cast(is_qualified or has_deal as boolean) as is_sql,
    cast(has_deal as boolean) as is_opportunity,
    cast(reached.won_on is not null or reached.lifecycle_status = 'customer' as boolean) as is_won,
    cast(reached.captured_on as date) as captured_on,
    cast(reached.handed_over_on as date) as handed_over_on,
    cast(answers.worked_on as date) as worked_on,
    cast(reached.accepted_on as date) as accepted_on,
    cast(returns.stated_on as date) as returned_on,
    cast(returns.reason as {{ text }}) as return_reason,
    cast(reached.opportunity_on as date) as opportunity_on,
    cast(reached.won_on as date) as won_on,
    cast(reached.lost_on as date) as lost_on,
    cast({{ days_between('reached.captured_on', 'reached.handed_over_on') }} as bigint) as days_to_hand_over,
    cast({{ days_between('reached.handed_over_on', 'answers.worked_on') }} as bigint) as days_to_first_work,
    cast({{ days_between('reached.handed_over_on', 'reached.accepted_on') }} as bigint) as days_to_accept,
    cast({{ days_between('reached.accepted_on', 'reached.opportunity_on') }} as bigint) as days_accepted_to_opportunity,
    cast({{ days_between('reached.opportunity_on', 'reached.won_on') }} as bigint) as days_opportunity_to_won,
    cast({{ days_between('reached.captured_on', 'reached.won_on') }} as bigint) as days_to_win,
    {% for status in ladder + aside %}
    cast(entries.first_{{ status }}_on as date) as first_{{ status }}_on_record,
    cast(entries.last_{{ status }}_on as date) as last_{{ status }}_on_record,
    {% endfor %}
    cast({{ days_between('reached.captured_on', 'entries.first_mql_on') }} as bigint) as days_to_mql_on_record,
    cast(current_status.transition_on as date) as status_since_on_record
from reached
left join {{ ref('fct_lead_sources') }} as sources on reached.lead_id = sources.lead_id
left join contents on reached.lead_id = contents.lead_id and contents.content_rank = 1
left join answers on reached.lead_id = answers.lead_id
left join judgements as newest on reached.lead_id = newest.lead_id and newest.newest = 1
left join judgements as returns on reached.lead_id = returns.lead_id and returns.step = 'returned' and returns.newest_of_kind = 1
left join entries on reached.lead_id = entries.lead_id
left join {{ ref('fct_status_transitions') }} as current_status
    on reached.lead_id = current_status.lead_id and current_status.is_current and current_status.cause <> 'opening'
