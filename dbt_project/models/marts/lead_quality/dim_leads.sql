{# One row per lead at the current day-end: who somebody is, in the words of the records and of the vocabulary. #}
{% set one_tags = ['region', 'industry', 'company_size', 'job_level', 'decision_role', 'source_channel'] %}

with

leads as (
    select leads.*
    from {{ ref('int_cleansing__leads') }} as leads
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on leads.as_of_date = day_ends.as_of_date and day_ends.is_current
),

tags as (
    select
        as_of_date,
        lead_id,
        {% for tag in one_tags %}
        max(case when tag_group = '{{ tag }}' then tag end) as {{ tag }},
        {% endfor %}
        max(case when tag_group = 'department' then tag end) as department_tag,
        {{ sorted_text_list("case when tag_group = 'exclusion' then tag end", "'|'") }} as exclusion_tags
    from {{ ref('int_tagging__lead_tags') }}
    group by as_of_date, lead_id
),

trails as (
    select
        lead_id,
        min(occurred_at) as first_touch_at,
        cast(count(*) as bigint) as touches
    from {{ ref('fct_touchpoints') }}
    where not is_automatic and lead_id is not null
    group by lead_id
),

reps as (
    select rep_id, rep_name
    from (
        select
            reps.rep_id, reps.rep_name,
            row_number() over (
                partition by reps.rep_id
                order by reps.known_at desc, reps.record_key desc, reps.delivery_row desc
            ) as version_rank
        from {{ ref('stg_crm__reps') }} as reps
        inner join {{ ref('int_cleansing__day_ends') }} as day_ends
            on day_ends.is_current and reps.known_on <= day_ends.as_of_date
    ) as versions
    where version_rank = 1
)

select
    cast(leads.lead_id as varchar) as lead_id,
    cast(leads.as_of_date as date) as as_of_date,
    cast(leads.person_name as varchar) as person_name,
    cast(leads.company_name as varchar) as company_name,
    cast(leads.job_title as varchar) as job_title,
    cast(leads.department as varchar) as department,
    cast(leads.email as varchar) as email,
    cast(leads.mobile as varchar) as mobile,
    cast(leads.account_id as varchar) as account_id,
    cast(leads.country as varchar) as country,
    cast(leads.province as varchar) as province,
    cast(leads.city as varchar) as city,
    cast(tags.region as varchar) as region,
    cast(tags.industry as varchar) as industry,
    cast(tags.company_size as varchar) as company_size,
    cast(segments.segment as varchar) as segment,
    cast(segments.scope as varchar) as scope,
    cast(tags.job_level as varchar) as job_level,
    cast(tags.department_tag as varchar) as department_tag,
    cast(tags.decision_role as varchar) as decision_role,
    cast(coalesce(tags.source_channel, 'unknown') as varchar) as source_channel,
    cast(leads.source_channel_text as varchar) as source_channel_text,
    cast(leads.campaign_ref as varchar) as campaign_ref,
    cast(leads.owner_ref as varchar) as owner_ref,
    cast(reps.rep_name as varchar) as owner_name,
    cast(leads.crm_status as varchar) as crm_status,
    cast(coalesce(lifecycle.lifecycle_status, 'captured') as varchar) as lifecycle_status,
    cast(lifecycle.rule_key as varchar) as lifecycle_rule_key,
    cast(coalesce(tags.exclusion_tags, '') <> '' as boolean) as is_excluded,
    cast(nullif(tags.exclusion_tags, '') as varchar) as exclusion_tags,
    cast(leads.is_key_account as boolean) as is_key_account,
    cast(leads.email_opt_out as boolean) as email_opt_out,
    cast(leads.do_not_call as boolean) as do_not_call,
    cast(leads.record_count as bigint) as record_count,
    cast(leads.created_at as timestamp) as created_at,
    cast(leads.created_on as date) as created_on,
    cast(leads.first_known_on as date) as first_known_on,
    cast(scores.last_activity_on as date) as last_activity_on,
    cast(trails.first_touch_at as timestamp) as first_touch_at,
    cast(coalesce(trails.touches, 0) as bigint) as touches
from leads
left join tags on leads.as_of_date = tags.as_of_date and leads.lead_id = tags.lead_id
left join {{ ref('int_tagging__lead_segments') }} as segments
    on leads.as_of_date = segments.as_of_date and leads.lead_id = segments.lead_id
left join {{ ref('int_maturity__lead_lifecycle') }} as lifecycle
    on leads.as_of_date = lifecycle.as_of_date and leads.lead_id = lifecycle.lead_id
left join {{ ref('int_scoring__lead_scores') }} as scores
    on leads.as_of_date = scores.as_of_date and leads.lead_id = scores.lead_id
left join trails on leads.lead_id = trails.lead_id
left join reps on leads.owner_ref = reps.rep_id
