{%- set text = dbt.type_string() -%}
-- What a rep judged of a lead, held against what came of it (R17). Only a deal that was opened after the judgement can prove it
-- right or wrong: who judges a lead that has one already foresees nothing.
with

current_day as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
    where is_current
),

horizon as (
    select rules.rule_key, rules.threshold as days
    from {{ ref('rul_anomaly__report_findings') }} as rules
    inner join current_day on {{ active_on('rules', 'current_day.as_of_date') }}
    where rules.finding = 'judgement_horizon'
),

first_returns as (
    select lead_id, min(stated_at) as returned_at
    from {{ ref('fct_lead_steps') }}
    where step = 'returned' and feed = 'sales_feedback'
    group by lead_id
),

-- Whoever recycles a lead that sales has returned carries that out and judges nothing.
newest_judgements as (
    select
        steps.lead_id, steps.rep_ref, steps.stated_on as judged_on, steps.reason,
        case steps.step when 'returned' then 'returned' else 'accepted' end as judgement,
        row_number() over (
            partition by steps.rep_ref, steps.lead_id
            order by steps.stated_at desc, case when steps.step = 'returned' then 0 else 1 end asc, steps.step_key asc
        ) as judgement_rank
    from {{ ref('fct_lead_steps') }} as steps
    left join first_returns on steps.lead_id = first_returns.lead_id
    where
        steps.step in ('accepted', 'qualified', 'returned') and steps.rep_ref is not null
        and not (
            steps.step = 'returned' and steps.feed <> 'sales_feedback'
            and coalesce(first_returns.returned_at <= steps.stated_at, false)
        )
),

deals as (
    select lead_id, stated_on as deal_on from {{ ref('fct_lead_steps') }}
    where step in ('opportunity', 'won')
),

seen_with_deals as (
    select
        judged.lead_id, judged.rep_ref, judged.judgement, judged.judged_on, judged.reason,
        max(case when deals.deal_on < judged.judged_on then 1 else 0 end) = 1 as had_a_deal,
        min(case when deals.deal_on >= judged.judged_on then deals.deal_on end) as deal_on
    from newest_judgements as judged
    left join deals on judged.lead_id = deals.lead_id
    where judged.judgement_rank = 1
    group by judged.lead_id, judged.rep_ref, judged.judgement, judged.judged_on, judged.reason
),

judged_by_time as (
    select
        seen.*,
        current_day.as_of_date,
        horizon.rule_key,
        coalesce({{ days_between('seen.judged_on', 'seen.deal_on') }} <= horizon.days, false) as came_to_a_deal,
        coalesce({{ days_between('seen.judged_on', 'current_day.as_of_date') }} >= horizon.days, false) as is_over
    from seen_with_deals as seen
    cross join current_day
    left join horizon on true
)

select
    cast(rep_ref || '|' || lead_id as {{ text }}) as judgement_key,
    cast(rep_ref as {{ text }}) as rep_ref,
    cast(lead_id as {{ text }}) as lead_id,
    cast(as_of_date as date) as as_of_date,
    cast(judgement as {{ text }}) as judgement,
    cast(judged_on as date) as judged_on,
    cast(reason as {{ text }}) as reason,
    cast(deal_on as date) as deal_on,
    cast(case
        when had_a_deal then 'deal_was_there'
        when came_to_a_deal and judgement = 'accepted' then 'right'
        when came_to_a_deal then 'wrong'
        when not is_over then 'open'
        when judgement = 'accepted' then 'wrong'
        else 'right'
    end as {{ text }}) as verdict,
    cast(rule_key as {{ text }}) as rule_key
from judged_by_time
