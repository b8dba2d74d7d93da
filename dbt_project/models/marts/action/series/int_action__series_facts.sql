{{ config(schema='action') }}
-- What the seven series are made of, by the day on which a thing came about (docs/decisions/0012): a day-end can say of every
-- past day what it says of the newest one, so its history needs no earlier build.
with

horizons as (
    select
        day_ends.as_of_date,
        {{ add_days(
            'day_ends.as_of_date', '-max(policies.season_days * policies.baseline_seasons + 3 * policies.spread_days)'
        ) }} as first_day
    from {{ ref('int_cleansing__day_ends') }} as day_ends
    inner join {{ ref('rul_anomaly__series') }} as policies on {{ active_on('policies', 'day_ends.as_of_date') }} -- noqa: AL05
    where day_ends.is_in_series
    group by day_ends.as_of_date
),

leads as (
    select
        days.as_of_date,
        days.lead_id,
        leads.created_on,
        leads.first_known_on,
        coalesce(days.source_channel, 'unknown') as channel,
        coalesce(days.industry, 'unknown') as industry,
        members.source_system || ':' || members.feed as brought_by
    from {{ ref('int_action__lead_days') }} as days
    inner join {{ ref('int_cleansing__leads') }} as leads
        on days.as_of_date = leads.as_of_date and days.lead_id = leads.lead_id
    inner join horizons on leads.as_of_date = horizons.as_of_date and leads.created_on >= horizons.first_day
    inner join {{ ref('int_cleansing__lead_members') }} as members
        on leads.as_of_date = members.as_of_date and leads.lead_id = members.lead_id and members.names_the_lead
    where days.scope = 'b2b'
),

known_fields as (
    select
        fields.as_of_date, fields.lead_id,
        sum(case when fields.is_known then fields.weight else 0 end) as known_weight,
        sum(fields.weight) as whole_weight
    from {{ ref('int_maturity__field_knowledge') }} as fields
    inner join leads on fields.as_of_date = leads.as_of_date and fields.lead_id = leads.lead_id
    group by fields.as_of_date, fields.lead_id
),

opportunities as (
    select
        as_of_date,
        lead_id,
        min({{ business_date('created_at') }}) as opened_on
    from {{ ref('int_tagging__opportunity_stages') }}
    where lead_id is not null
    group by as_of_date, lead_id
),

measured as (
    select
        leads.*,
        scores.fit_milli,
        {{ div_round('100000 * known_fields.known_weight', 'known_fields.whole_weight') }} as completeness_milli,
        opportunities.opened_on
    from leads
    inner join {{ ref('int_scoring__lead_scores') }} as scores
        on leads.as_of_date = scores.as_of_date and leads.lead_id = scores.lead_id
    left join known_fields on leads.as_of_date = known_fields.as_of_date and leads.lead_id = known_fields.lead_id
    left join opportunities on leads.as_of_date = opportunities.as_of_date and leads.lead_id = opportunities.lead_id
),

settling as (
    select day_ends.as_of_date, min(policies.settle_days) as conversion_days
    from {{ ref('int_cleansing__day_ends') }} as day_ends
    inner join {{ ref('rul_anomaly__series') }} as policies
        on policies.metric = 'conversion' and {{ active_on('policies', 'day_ends.as_of_date') }}
    group by day_ends.as_of_date
),

feedback as (
    select feedback.*
    from {{ versions_seen(ref('stg_sales__feedback')) }} as feedback -- noqa: AL05
    where feedback.outcome in ('accepted', 'rejected')
),

deliveries as (
    select
        fates.as_of_date,
        fates.delivery_id,
        fates.feed,
        {{ knowledge_date('fates.known_at') }} as known_on,
        fates.records,
        fates.quarantined + fates.rejected as held_back
    from {{ ref('int_cleansing__delivery_fates') }} as fates
    inner join horizons
        on fates.as_of_date = horizons.as_of_date and {{ knowledge_date('fates.known_at') }} >= horizons.first_day
    where fates.records > 0
),

caught as (
    select day_ends.as_of_date, hits.delivery_id, hits.feed, hits.rule_key, count(*) as records
    from {{ ref('int_cleansing__verdict_hits') }} as hits
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on
            hits.known_on <= day_ends.as_of_date
            and hits.stands_from <= day_ends.as_of_date
            and day_ends.as_of_date < hits.stands_to
    group by day_ends.as_of_date, hits.delivery_id, hits.feed, hits.rule_key
),

facts as (
    {% for metric, amount, weight in [
        ('volume', '1', '0'), ('mean_score', 'fit_milli', '1'), ('completeness', 'completeness_milli', '1')
    ] %}
    select
        as_of_date, '{{ metric }}' as metric, created_on as date_day, first_known_on as known_on,
        channel as part_1, industry as part_2, brought_by, {{ amount }} as amount, {{ weight }} as weight
    from measured
    where {{ amount }} is not null
    union all
    {% endfor %}
    select
        measured.as_of_date, 'conversion' as metric, measured.created_on as date_day, measured.first_known_on as known_on,
        measured.channel as part_1, measured.industry as part_2, measured.brought_by,
        case
            when measured.opened_on <= {{ add_days('measured.created_on', 'settling.conversion_days') }} then 1 else 0
        end as amount,
        1 as weight
    from measured
    inner join settling on measured.as_of_date = settling.as_of_date
    union all
    select
        feedback.as_of_date, 'acceptance' as metric, feedback.occurred_on as date_day,
        feedback.known_on, days.channel as part_1, days.industry as part_2,
        feedback.source_system || ':' || feedback.feed as brought_by,
        case when feedback.outcome = 'accepted' then 1 else 0 end as amount,
        1 as weight
    from feedback
    inner join horizons on feedback.as_of_date = horizons.as_of_date and feedback.occurred_on >= horizons.first_day
    inner join {{ ref('int_cleansing__key_owners') }} as owners
        on
            feedback.as_of_date = owners.as_of_date
            and 'crm_lead|' || feedback.ref_system || ':' || feedback.lead_ref = owners.key_key
    inner join (
        select
            as_of_date, lead_id,
            coalesce(source_channel, 'unknown') as channel,
            coalesce(industry, 'unknown') as industry
        from {{ ref('int_action__lead_days') }}
    ) as days on owners.as_of_date = days.as_of_date and owners.lead_id = days.lead_id
    union all
    select
        as_of_date, 'reject_rate' as metric, known_on as date_day, known_on,
        feed as part_1, 'all' as part_2, feed as brought_by, held_back as amount, records as weight
    from deliveries
    union all
    select
        deliveries.as_of_date, 'rule_hit_rate' as metric, deliveries.known_on as date_day, deliveries.known_on,
        deliveries.feed as part_1, rules.rule_id as part_2, deliveries.feed as brought_by,
        coalesce(caught.records, 0) as amount, deliveries.records as weight
    from deliveries
    inner join {{ ref('rul_cleansing__verdicts') }} as rules
        on deliveries.feed = rules.feed and {{ active_on('rules', 'deliveries.as_of_date') }}
    left join caught
        on
            deliveries.as_of_date = caught.as_of_date
            and deliveries.delivery_id = caught.delivery_id
            and deliveries.feed = caught.feed
            and rules.rule_key = caught.rule_key
)

select
    as_of_date,
    metric,
    date_day,
    known_on,
    part_1,
    part_2,
    brought_by,
    count(*) as things,
    cast(sum(amount) as bigint) as amount,
    cast(sum(weight) as bigint) as weight
from facts
group by as_of_date, metric, date_day, known_on, part_1, part_2, brought_by
