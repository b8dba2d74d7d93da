{% set is_statement -%}
signal_key in (
            select definitions.signal_key
            from {{ ref('int_tagging__signal_definitions') }} as definitions
            where definitions.signal_kind in ({{ stated_signal_kinds() }})
        )
{%- endset %}
-- Which inputs of a lead's score changed since the day-end before. A lead without a row here can only have decayed.
-- It may name a lead too many, never one too few: the states behind it are computed, not guessed.
with

pairs as (
    select * from {{ ref('int_scoring__day_end_pairs') }}
),

moved_records as (
    select pairs.as_of_date, earlier.lead_id as earlier_lead_id, later.lead_id as later_lead_id
    from pairs
    inner join {{ ref('int_cleansing__lead_members') }} as later on pairs.as_of_date = later.as_of_date
    inner join {{ ref('int_cleansing__lead_members') }} as earlier
        on pairs.previous_on = earlier.as_of_date and later.node_key = earlier.node_key
    where later.lead_id <> earlier.lead_id
),

-- Also attempts of ours that no rule of engagement knows: patterns count the unanswered ones.
touch_days as (
    select subject_key, occurred_on, visible_from, visible_to, word_from, word_to
    from {{ ref('int_scoring__touch_rule_days') }}
    union all
    select
        subject_key, occurred_on, visible_from, visible_to,
        cast('2000-01-01' as date) as word_from, cast('9999-12-31' as date) as word_to
    from {{ ref('int_cleansing__visible_touches') }}
    where is_response = 1 and initiative = 'ours'
),

new_touches as (
    select pairs.as_of_date, touches.subject_key
    from pairs
    inner join touch_days as touches
        on
            touches.occurred_on <= pairs.as_of_date
            and (
                (touches.occurred_on > pairs.previous_on and touches.visible_from <= pairs.as_of_date)
                or (touches.visible_from > pairs.previous_on and touches.visible_from <= pairs.as_of_date)
                or (touches.visible_to > pairs.previous_on and touches.visible_to <= pairs.as_of_date)
                or (touches.word_from > pairs.previous_on and touches.word_from <= pairs.as_of_date)
                or (touches.word_to > pairs.previous_on and touches.word_to <= pairs.as_of_date)
            )
),

-- Days of silence at which some rule begins or ends to count, with the grace of each segment added.
silence_edges as (
    select distinct edges.days + segments.grace_days as silent_days
    from (
        select min_value as days from {{ ref('rul_scoring__engagement_patterns') }} where metric = 'days_since_last_activity'
        union
        select max_value + 1 from {{ ref('rul_scoring__engagement_patterns') }} where metric = 'days_since_last_activity'
    ) as edges
    cross join (
        select 0 as grace_days
        union
        select dimensions.inactivity_grace_days - silence.min_value
        from {{ ref('rul_scoring__dimensions') }} as dimensions
        cross join {{ ref('rul_scoring__engagement_patterns') }} as silence
        where silence.metric = 'days_since_last_activity' and dimensions.inactivity_grace_days is not null
    ) as segments
    where edges.days is not null
),

last_activities as (
    select pairs.as_of_date, owners.lead_id, max(touches.occurred_on) as last_activity_on
    from pairs
    inner join {{ ref('int_cleansing__key_owners') }} as owners on pairs.as_of_date = owners.as_of_date
    inner join {{ ref('int_scoring__touch_rule_days') }} as touches
        on
            owners.key_key = touches.subject_key
            and touches.occurred_on <= pairs.as_of_date
            and touches.visible_from <= pairs.as_of_date
            and pairs.as_of_date < touches.visible_to
            and touches.word_from <= pairs.as_of_date
            and pairs.as_of_date < touches.word_to
    inner join {{ ref('rul_scoring__engagement') }} as rules
        on
            touches.rule_key = rules.rule_key
            and rules.is_activity = 1
            and {{ active_on('rules', 'pairs.as_of_date') }}
    group by pairs.as_of_date, owners.lead_id
),

rule_days as (
    select distinct pairs.as_of_date
    from pairs
    inner join {{ ref('rul_all_rules') }} as versions
        on
            versions.layer in ('tagging', 'scoring')
            and (
                (versions.valid_from > pairs.previous_on and versions.valid_from <= pairs.as_of_date)
                or (versions.valid_to > pairs.previous_on and versions.valid_to <= pairs.as_of_date)
            )
),

changes as (
    select as_of_date, earlier_lead_id as lead_id, 'records' as input from moved_records
    union
    select as_of_date, later_lead_id, 'records' from moved_records
    union
    select as_of_date, lead_id, 'keys'
    from {{ changed_rows(ref('int_cleansing__key_owners'), ['key_key']) }}
    union
    select as_of_date, lead_id, 'attributes'
    from {{ changed_rows(ref('int_tagging__lead_attributes'), ['attribute', 'value_text']) }}
    union
    select as_of_date, lead_id, 'tags'
    from {{ changed_rows(ref('int_tagging__lead_tags'), ['tag_group', 'tag']) }}
    union
    select as_of_date, lead_id, 'segment'
    from {{ changed_rows(ref('int_tagging__lead_segments'), ['segment']) }}
    union
    select as_of_date, lead_id, 'statements'
    from {{ changed_rows(ref('int_tagging__lead_signals'), ['signal_key', 'occurred_on'], is_statement) }}
    union
    select as_of_date, lead_id, 'signals'
    from {{ changed_rows(ref('int_tagging__lead_signals'), ['signal_key', 'occurred_on'], 'not ' ~ is_statement) }}
    union
    select as_of_date, lead_id, 'company'
    from {{ changed_rows(ref('int_cleansing__lead_companies'), ['account_id']) }}
    union
    select touches.as_of_date, owners.lead_id, 'touches'
    from new_touches as touches
    inner join {{ ref('int_cleansing__key_owners') }} as owners
        on touches.as_of_date = owners.as_of_date and touches.subject_key = owners.key_key
    union
    select last_activities.as_of_date, last_activities.lead_id, 'silence'
    from last_activities
    inner join silence_edges
        on {{ days_between('last_activities.last_activity_on', 'last_activities.as_of_date') }} = silence_edges.silent_days
    union
    select segments.as_of_date, segments.lead_id, 'rules'
    from {{ ref('int_tagging__lead_segments') }} as segments
    inner join rule_days on segments.as_of_date = rule_days.as_of_date
),

-- Patterns count active people of a company, so a change of one is a change of its colleagues.
companies as (
    select pairs.as_of_date, members.lead_id, members.account_id
    from pairs
    inner join {{ ref('int_cleansing__lead_companies') }} as members
        on members.as_of_date = pairs.as_of_date or members.as_of_date = pairs.previous_on
),

colleagues as (
    select distinct companies.as_of_date, companies.account_id, changes.input
    from changes
    inner join companies on changes.as_of_date = companies.as_of_date and changes.lead_id = companies.lead_id
)

select as_of_date, lead_id, input
from changes
union all
select distinct companies.as_of_date, companies.lead_id, 'colleagues_' || colleagues.input as input
from companies
inner join colleagues
    on companies.as_of_date = colleagues.as_of_date and companies.account_id = colleagues.account_id
