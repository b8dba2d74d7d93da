-- What each tag, person, role and answer gives to a company's score (R18), with every cap, clamp and rounding, so that a plain
-- sum of score_share_milli is the score. Each part is put together as its row of rule_scoring__account says.
with

components as (
    select
        accounts.as_of_date, accounts.account_id, rules.component, rules.aggregation, rules.argument, rules.people_max,
        rules.weight_pct, rules.full_marks, rules.rule_key
    from {{ ref('int_cleansing__accounts') }} as accounts
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on accounts.as_of_date = day_ends.as_of_date and day_ends.is_current
    inner join {{ ref('rul_scoring__account') }} as rules on {{ active_on('rules', 'accounts.as_of_date') }}
),

fact_points as (
    select
        components.as_of_date, components.account_id, components.component, tags.tag_group,
        rules.rule_id, rules.rule_key, rules.points * 1000 as points_milli, rules.group_cap * 1000 as cap_milli
    from components
    inner join {{ ref('int_tagging__account_tags') }} as tags
        on
            components.as_of_date = tags.as_of_date
            and components.account_id = tags.account_id
            and {{ is_in_list('tags.tag_group', 'components.argument') }}
    inner join {{ ref('rul_scoring__fit') }} as rules
        on
            tags.tag_group = rules.tag_group
            and tags.tag = rules.tag
            and {{ active_on('rules', 'tags.as_of_date') }}
    where components.aggregation = 'account_facts'
),

fact_caps as (
    select
        as_of_date, account_id, component, tag_group,
        case
            when max(cap_milli) < 0 then greatest(sum(points_milli), min(cap_milli))
            else least(sum(points_milli), max(cap_milli))
        end - sum(points_milli) as points_milli
    from fact_points
    group by as_of_date, account_id, component, tag_group
),

ranked_people as (
    select
        components.as_of_date, components.account_id, components.component, components.people_max, components.rule_key,
        people.lead_id, people.engagement_points_milli,
        row_number() over (
            partition by components.as_of_date, components.account_id, components.component
            order by people.engagement_points_milli desc, people.lead_id asc
        ) as people_rank
    from components
    inner join {{ ref('int_scoring__account_people') }} as people
        on
            components.as_of_date = people.as_of_date
            and components.account_id = people.account_id
            and not people.is_excluded
    where components.aggregation = 'top_people_sum'
),

ranked_roles as (
    select
        roles.*,
        count(*) over (partition by as_of_date, account_id) as roles_required,
        row_number() over (partition by as_of_date, account_id, is_engaged order by rule_id) as role_rank
    from {{ ref('int_scoring__account_committee') }} as roles
),

answers as (
    select
        components.as_of_date, components.account_id, components.component, people.lead_id,
        points.kind, points.rule_id, points.rule_key, points.points_milli,
        sum(points.points_milli) over (
            partition by components.as_of_date, components.account_id, components.component, people.lead_id
        ) as person_milli
    from components
    inner join {{ ref('int_scoring__account_people') }} as people
        on
            components.as_of_date = people.as_of_date
            and components.account_id = people.account_id
            and not people.is_excluded
    inner join {{ ref('int_scoring__need_points') }} as points
        on
            people.as_of_date = points.as_of_date
            and people.lead_id = points.lead_id
            and points.state = 'day_end'
            and {{ is_in_list('points.bant_group', 'components.argument') }}
    where components.aggregation = 'latest_per_person_max'
),

ranked_answers as (
    select
        answers.*,
        dense_rank() over (
            partition by as_of_date, account_id, component
            order by person_milli desc, lead_id asc
        ) as person_rank
    from answers
),

points as (
    select as_of_date, account_id, component, 'points' as kind, rule_id as item, rule_key,
        cast(null as {{ dbt.type_string() }}) as lead_id, points_milli
    from fact_points
    union all
    select as_of_date, account_id, component, 'group_cap', tag_group, null, null, points_milli
    from fact_caps
    union all
    select as_of_date, account_id, component, 'points', lead_id, rule_key, lead_id, engagement_points_milli
    from ranked_people
    where people_rank <= people_max
    union all
    -- The k-th role engaged brings what lies between k - 1 and k shares of the full marks, so that all roles make them
    -- exactly; a role that is missing has its row as well.
    select
        roles.as_of_date, roles.account_id, components.component, 'points', roles.decision_role, roles.rule_key, null,
        case when roles.is_engaged then
            {{ div_round('roles.role_rank * components.full_marks * 1000', 'roles.roles_required') }}
            - {{ div_round('(roles.role_rank - 1) * components.full_marks * 1000', 'roles.roles_required') }}
        else 0 end
    from ranked_roles as roles
    inner join components
        on
            roles.as_of_date = components.as_of_date
            and roles.account_id = components.account_id
            and components.aggregation = 'roles_engaged_of_required'
    union all
    select as_of_date, account_id, component, kind, rule_id, rule_key, lead_id, points_milli
    from ranked_answers
    where person_rank = 1
),

sums as (
    select
        components.as_of_date, components.account_id, components.component, components.weight_pct, components.full_marks,
        sum(points.points_milli) as points_milli,
        greatest(least(sum(points.points_milli), components.full_marks * 1000), 0) as clamped_milli
    from components
    inner join points
        on
            components.as_of_date = points.as_of_date
            and components.account_id = points.account_id
            and components.component = points.component
    group by 1, 2, 3, 4, 5
),

points_and_clamps as (
    select * from points
    where kind = 'points' or points_milli <> 0
    union all
    select as_of_date, account_id, component, 'clamp', component, null, null, clamped_milli - points_milli
    from sums
    where clamped_milli <> points_milli
),

shares as (
    select
        points_and_clamps.*,
        {{ div_round('points_and_clamps.points_milli * sums.weight_pct', 'sums.full_marks') }} as score_share_milli
    from points_and_clamps
    inner join sums
        on
            points_and_clamps.as_of_date = sums.as_of_date
            and points_and_clamps.account_id = sums.account_id
            and points_and_clamps.component = sums.component
),

roundings as (
    select
        sums.as_of_date, sums.account_id, sums.component,
        {{ div_round(div_round('sums.clamped_milli * 100', 'sums.full_marks') ~ ' * sums.weight_pct', 100) }}
        - coalesce(sum(shares.score_share_milli), 0) as rounding_milli
    from sums
    left join shares
        on
            sums.as_of_date = shares.as_of_date
            and sums.account_id = shares.account_id
            and sums.component = shares.component
    group by sums.as_of_date, sums.account_id, sums.component, sums.clamped_milli, sums.full_marks, sums.weight_pct
)

select
    as_of_date, account_id, component, kind, item, rule_key, lead_id,
    cast(points_milli as bigint) as points_milli, cast(score_share_milli as bigint) as score_share_milli
from shares
union all
select as_of_date, account_id, component, 'rounding', component, null, null, 0, cast(rounding_milli as bigint)
from roundings
where rounding_milli <> 0
