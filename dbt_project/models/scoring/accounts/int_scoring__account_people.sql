-- The people of each company as its score sees them: how engaged each is, when last active, in which
-- role of a purchase. Only of the current day-end.
with

engagement as (
    select as_of_date, lead_id, clamped_milli
    from {{ ref('int_scoring__dimension_scores') }}
    where state = 'day_end' and dimension = 'engagement'
),

tags as (
    select
        as_of_date,
        lead_id,
        max(case when tag_group = 'decision_role' then tag end) as decision_role,
        max(case when tag_group = 'exclusion' then 1 else 0 end) as is_excluded
    from {{ ref('int_tagging__lead_tags') }}
    where tag_group in ('decision_role', 'exclusion')
    group by as_of_date, lead_id
)

select
    companies.as_of_date,
    companies.account_id,
    companies.lead_id,
    tags.decision_role,
    coalesce(tags.is_excluded = 1, false) as is_excluded,
    engagement.clamped_milli as engagement_points_milli,
    scores.last_activity_on,
    {{ days_between('scores.last_activity_on', 'companies.as_of_date') }} as silent_days
from {{ ref('int_cleansing__lead_companies') }} as companies
inner join {{ ref('int_cleansing__day_ends') }} as day_ends
    on companies.as_of_date = day_ends.as_of_date and day_ends.is_current
inner join engagement on companies.as_of_date = engagement.as_of_date and companies.lead_id = engagement.lead_id
inner join {{ ref('int_scoring__lead_scores') }} as scores
    on companies.as_of_date = scores.as_of_date and companies.lead_id = scores.lead_id
left join tags on companies.as_of_date = tags.as_of_date and companies.lead_id = tags.lead_id
