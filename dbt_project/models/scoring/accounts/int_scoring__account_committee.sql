-- The roles that a purchase by each company needs, by its segment, and whether enough people of the role are active.
with

required as (
    select
        segments.as_of_date,
        segments.account_id,
        segments.tag as segment,
        rules.decision_role,
        rules.people_required,
        rules.active_within_days,
        rules.rule_id,
        rules.rule_key
    from {{ ref('int_tagging__account_tags') }} as segments
    inner join {{ ref('rul_scoring__committee') }} as rules
        on segments.tag = rules.segment and {{ active_on('rules', 'segments.as_of_date') }}
    where segments.tag_group = 'segment'
),

counted as (
    select
        required.as_of_date,
        required.account_id,
        required.segment,
        required.decision_role,
        required.people_required,
        required.rule_id,
        required.rule_key,
        count(people.lead_id) as people_known,
        count(case when people.silent_days < required.active_within_days then people.lead_id end) as people_engaged,
        max(people.last_activity_on) as last_activity_on
    from required
    left join {{ ref('int_scoring__account_people') }} as people
        on
            required.as_of_date = people.as_of_date
            and required.account_id = people.account_id
            and required.decision_role = people.decision_role
            and not people.is_excluded
    group by 1, 2, 3, 4, 5, 6, 7
)

select
    counted.*,
    counted.people_engaged >= counted.people_required as is_engaged
from counted
