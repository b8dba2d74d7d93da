-- What the rows of rule_anomaly__report_findings point out in the period: the group, the figure, how many are behind it.
with rules as (
    select
        rule_key, payload ->> 'finding' as finding, cast(payload ->> 'threshold' as bigint) as threshold,
        cast(payload ->> 'min_leads' as bigint) as min_leads
    from marts.dim_rules
    where
        rule_file = 'rule_anomaly__report_findings' and status = 'active'
        and valid_from <= $as_of_date and valid_to > $as_of_date
),

leads as (
    select * from marts.fct_lead_lifecycle
    where scope = $scope
),

found as (
    select
        'low_acceptance' as finding, source_channel as subject,
        count(*) filter (where handover_state = 'accepted') as part, count(*) as whole,
        count(*) filter (where handover_state = 'returned') as behind,
        cast(null as bigint) as value, cast(null as bigint) as yardstick
    from leads
    where handed_over_on between $first_on and $until_on and handover_state <> 'waiting'
    group by source_channel
    union all
    select 'unworked_hand_over', null, count(*), count(*), count(*), null, null
    from leads, rules
    where
        rules.finding = 'unworked_hand_over' and handed_over_on <= $until_on and worked_on is null and handover_state = 'waiting'
        and date_diff('day', handed_over_on, $as_of_date) > rules.threshold
    union all
    select
        'frequent_return_reason', coalesce(return_reason, 'none_given'), count(*), sum(count(*)) over (), count(*), null, null
    from leads
    where returned_on between $first_on and $until_on
    group by 2
    union all
    select
        'costly_campaign', o.member, o.costed_mql, o.leads, o.leads, coalesce(o.cost_per_mql_fen, o.spent_fen),
        totals.cost_per_mql_fen
    from marts.rpt_outcomes as o
    inner join marts.rpt_outcomes as totals
        on
            o.scope = totals.scope and o.period_kind = totals.period_kind and o.period_from = totals.period_from
            and totals.breakdown = 'all'
    where o.scope = $scope and o.period_kind = $period_kind and o.period_from = $first_on and o.breakdown = 'campaign'
    union all
    select
        'low_validity', source_channel, count(*) filter (where is_valid), count(*), count(*) filter (where not is_valid), null, null
    from leads
    where captured_on between $first_on and $until_on
    group by source_channel
    union all
    select 'field_gap', field, cast(sum(known) as bigint), cast(sum(leads) as bigint), cast(sum(leads - known) as bigint), null, null
    from marts.rpt_completeness
    where weight > 0
    group by field
    union all
    select 'idle_rule', null, count(*), count(*), count(*), null, null
    from marts.rpt_rule_coverage
    where finding = 'never_fired'
    union all
    select 'mql_not_handed_over', null, count(*), count(*), count(*), null, null
    from leads, rules
    where
        rules.finding = 'mql_not_handed_over' and lifecycle_status = 'mql' and handed_over_on is null
        and date_diff('day', captured_on, $as_of_date) > rules.threshold
        and (status_since_on_record is null or date_diff('day', status_since_on_record, $as_of_date) > rules.threshold)
    union all
    select
        'missed_clock', c.rule_key, count(*) filter (where c.state = 'met'), count(*),
        count(*) filter (where c.state = 'breached'), null, null
    from marts.fct_response_clocks as c
    left join marts.dim_leads as l on c.lead_id = l.lead_id
    where
        c.started_at >= $from_at and c.started_at < $to_at and c.state in ('met', 'breached')
        and coalesce(l.scope, $scope) = $scope
    group by c.rule_key
)

select rules.rule_key, rules.threshold, found.*
from found
inner join rules on found.finding = rules.finding
where
    found.whole >= rules.min_leads and found.behind > 0
    and case
        when found.finding in ('low_acceptance', 'low_validity', 'field_gap', 'missed_clock')
            then found.part * 100 < rules.threshold * found.whole
        when found.finding = 'frequent_return_reason' then found.part * 100 >= rules.threshold * found.whole
        when found.finding = 'costly_campaign' then found.value * 100 >= rules.threshold * found.yardstick
        when found.finding = 'idle_rule' then found.part >= rules.threshold
        else true
    end
order by rules.rule_key, found.behind desc, found.subject
