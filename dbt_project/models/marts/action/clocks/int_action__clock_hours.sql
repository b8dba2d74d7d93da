{{ config(schema='action') }}
-- Who has to act on a clock, and by whose hours it runs: those of the policy, unless the team or region of that person has a
-- row of its own; the narrowest row counts, team before region.
with

reps as (
    select as_of_date, rep_id, team, region
    from (
        select
            day_ends.as_of_date, versions.rep_id, versions.team, versions.region,
            row_number() over (
                partition by day_ends.as_of_date, versions.rep_id
                order by versions.known_at desc, versions.delivery_id desc, versions.delivery_row desc
            ) as version_rank
        from {{ ref('stg_crm__reps') }} as versions
        inner join {{ ref('int_cleansing__day_ends') }} as day_ends
            on versions.known_on <= day_ends.as_of_date and versions.occurred_on <= day_ends.as_of_date
        where not versions.is_deleted
    ) as ranked
    where version_rank = 1
),

responsible as (
    select
        starts.*,
        case
            when starts.stopped_by is not null then starts.stopped_by_rep_ref
            else coalesce(starts.to_rep_ref, leads.owner_ref)
        end as rep_ref
    from {{ ref('int_action__clock_starts') }} as starts
    left join {{ ref('int_cleansing__leads') }} as leads
        on starts.as_of_date = leads.as_of_date and starts.lead_id = leads.lead_id
),

zoned as (
    select
        responsible.*,
        reps.team,
        coalesce(own.calendar, responsible.calendar) as days_of,
        coalesce(own.time_zone, {{ business_zone() }}) as time_zone,
        row_number() over (
            partition by responsible.as_of_date, responsible.clock_key
            order by
                case when own.team = 'any' then 1 else 0 end, case when own.region = 'any' then 1 else 0 end, own.rule_id
        ) as calendar_rank
    from responsible
    left join reps on responsible.as_of_date = reps.as_of_date and responsible.rep_ref = reps.rep_id
    left join {{ ref('rul_sla__calendars') }} as own
        on
            own.team in ('any', reps.team)
            and own.region in ('any', reps.region)
            and {{ active_on('own', business_date('responsible.started_at')) }}
)

select
    as_of_date, clock_key, clock, rule_key, lead_id, started_on, started_by, rep_ref, team, channel, segment, maturity_level,
    days_of as calendar, time_zone, started_at, stopped_at, stopped_on, stopped_by, budget_business_seconds, due_soon_pct,
    severity, escalate_to
from zoned
where calendar_rank = 1
