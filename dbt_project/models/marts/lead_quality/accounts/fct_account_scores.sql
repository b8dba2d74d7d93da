{% set components = ['company_fit', 'people_engagement', 'committee_coverage', 'sales_feedback'] %}
-- The score of each company: its parts clamped, scaled, weighted and added up. A part of which nothing is known is null (never
-- engagement: who was not here did nothing). Tags of the company that nobody knows yet, and the committee of a segment for
-- which no roles are written, open the possible range.
with

accounts as (
    select accounts.as_of_date, accounts.account_id
    from {{ ref('int_cleansing__accounts') }} as accounts
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on accounts.as_of_date = day_ends.as_of_date and day_ends.is_current
),

group_ranges as (
    {{ fit_group_ranges() }}
),

tags as (
    select as_of_date, account_id, tag_group, tag from {{ ref('int_tagging__account_tags') }}
),

unknown_facts as (
    select
        accounts.account_id,
        rules.component,
        sum(group_ranges.lowest_milli) as lowest_milli,
        sum(group_ranges.highest_milli) as highest_milli,
        {{ sorted_text_list('group_ranges.tag_group', "'|'") }} as unknown_tag_groups
    from accounts
    inner join {{ ref('rul_scoring__account') }} as rules
        on rules.aggregation = 'account_facts' and {{ active_on('rules', 'accounts.as_of_date') }}
    inner join group_ranges
        on
            accounts.as_of_date = group_ranges.as_of_date
            and {{ is_in_list('group_ranges.tag_group', 'rules.argument') }}
    left join tags
        on
            accounts.as_of_date = tags.as_of_date
            and accounts.account_id = tags.account_id
            and group_ranges.tag_group = tags.tag_group
    where tags.tag is null
    group by accounts.account_id, rules.component
),

points as (
    select
        account_id,
        component,
        sum(case when kind in ('points', 'group_cap') then points_milli end) as points_milli
    from {{ ref('fct_account_score_contributions') }}
    group by account_id, component
),

possible as (
    select
        accounts.account_id,
        rules.component,
        rules.weight_pct,
        rules.full_marks,
        unknown_facts.unknown_tag_groups,
        points.points_milli is not null or rules.aggregation = 'top_people_sum' as is_known,
        coalesce(points.points_milli, 0) as points_milli,
        coalesce(points.points_milli, 0) + coalesce(unknown_facts.lowest_milli, 0) as lowest_milli,
        case
            when rules.aggregation = 'roles_engaged_of_required' and points.points_milli is null then rules.full_marks * 1000
            else coalesce(points.points_milli, 0) + coalesce(unknown_facts.highest_milli, 0)
        end as highest_milli
    from accounts
    inner join {{ ref('rul_scoring__account') }} as rules on {{ active_on('rules', 'accounts.as_of_date') }}
    left join points on accounts.account_id = points.account_id and rules.component = points.component
    left join unknown_facts
        on accounts.account_id = unknown_facts.account_id and rules.component = unknown_facts.component
),

scaled as (
    select
        account_id, component, weight_pct, is_known, unknown_tag_groups,
        {% for measure in ['points_milli', 'lowest_milli', 'highest_milli'] %}
        {{ div_round('greatest(least(' ~ measure ~ ', full_marks * 1000), 0) * 100', 'full_marks') }} as {{ measure }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from possible
),

totals as (
    select
        account_id,
        {% for component in components %}
        max(case when component = '{{ component }}' and is_known then points_milli end) as {{ component }}_milli,
        {% endfor %}
        {% for measure, total in [
            ('points_milli', 'score_milli'), ('lowest_milli', 'score_min_milli'), ('highest_milli', 'score_max_milli'),
        ] %}
        sum({{ div_round(measure ~ ' * weight_pct', 100) }}) as {{ total }},
        {% endfor %}
        max(unknown_tag_groups) as unknown_tag_groups
    from scaled
    group by account_id
),

people as (
    select
        people.account_id,
        count(case when not people.is_excluded then 1 end) as people,
        count(case when people.is_excluded then 1 end) as people_excluded,
        count(case when not people.is_excluded and people.decision_role is null then 1 end) as people_without_role,
        max(case when not people.is_excluded then people.last_activity_on end) as last_activity_on
    from {{ ref('int_scoring__account_people') }} as people
    inner join accounts on people.as_of_date = accounts.as_of_date and people.account_id = accounts.account_id
    group by people.account_id
),

roles as (
    select
        roles.account_id,
        {{ sorted_text_list('roles.decision_role', "'|'") }} as roles_required,
        {{ sorted_text_list('case when roles.is_engaged then roles.decision_role end', "'|'") }} as roles_engaged,
        {{ sorted_text_list('case when not roles.is_engaged then roles.decision_role end', "'|'") }} as roles_missing
    from {{ ref('int_scoring__account_committee') }} as roles
    inner join accounts on roles.as_of_date = accounts.as_of_date and roles.account_id = accounts.account_id
    group by roles.account_id
)

select
    cast(accounts.account_id as varchar) as account_id,
    cast(accounts.as_of_date as date) as as_of_date,
    cast(segments.tag as varchar) as segment,
    cast({{ div_round('totals.score_milli', 1000) }} as bigint) as score,
    cast(totals.score_milli as bigint) as score_milli,
    cast(totals.score_min_milli as bigint) as score_min_milli,
    cast(totals.score_max_milli as bigint) as score_max_milli,
    {% for component in components %}
    cast(totals.{{ component }}_milli as bigint) as {{ component }}_milli,
    {% endfor %}
    cast(nullif(totals.unknown_tag_groups, '') as varchar) as unknown_tag_groups,
    cast(nullif(roles.roles_required, '') as varchar) as roles_required,
    cast(nullif(roles.roles_engaged, '') as varchar) as roles_engaged,
    cast(nullif(roles.roles_missing, '') as varchar) as roles_missing,
    cast(coalesce(people.people, 0) as bigint) as people,
    cast(coalesce(people.people_excluded, 0) as bigint) as people_excluded,
    cast(coalesce(people.people_without_role, 0) as bigint) as people_without_role,
    cast(people.last_activity_on as date) as last_activity_on
from accounts
inner join totals on accounts.account_id = totals.account_id
left join tags as segments
    on
        accounts.as_of_date = segments.as_of_date
        and accounts.account_id = segments.account_id
        and segments.tag_group = 'segment'
left join people on accounts.account_id = people.account_id
left join roles on accounts.account_id = roles.account_id
