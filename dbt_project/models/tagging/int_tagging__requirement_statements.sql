-- What each lead asked of the product, in whose words and when (R58): in messages, the CRM's notes and calls. What must be is
-- said by the same words; a must-have that no rule names is the requirement `other`. A budget asks for a price. Each
-- statement holds until the next one about the same requirement.
with

day_ends as (
    select as_of_date from {{ ref('int_cleansing__day_ends') }}
),

words as (
    select
        day_ends.as_of_date, tags.value_text, tags.tag_group, tags.tag, tags.rule_id, tags.rule_key,
        row_number() over (
            partition by day_ends.as_of_date, tags.value_text, tags.tag_group
            order by tags.priority, tags.rule_id
        ) as group_rank,
        row_number() over (
            partition by day_ends.as_of_date, tags.value_text, tags.tag_group, tags.tag
            order by tags.priority, tags.rule_id
        ) as tag_rank
    from {{ ref('int_tagging__value_tags') }} as tags
    inner join day_ends on {{ active_on('tags', 'day_ends.as_of_date') }}
    where tags.attribute = 'stated_words' and tags.tag_group in ('requirement', 'requirement_strength')
),

requirements as (
    select as_of_date, value_text, tag as requirement, rule_key from words
    where tag_group = 'requirement' and tag_rank = 1
),

strengths as (
    select as_of_date, value_text, tag as strength, rule_key from words
    where tag_group = 'requirement_strength' and group_rank = 1
),

meanings as (
    select
        coalesce(requirements.as_of_date, strengths.as_of_date) as as_of_date,
        coalesce(requirements.value_text, strengths.value_text) as value_text,
        coalesce(requirements.requirement, 'other') as requirement,
        coalesce(strengths.strength, 'wish') as strength,
        coalesce(requirements.rule_key, strengths.rule_key) as rule_key,
        strengths.rule_key as strength_rule_key
    from requirements
    full outer join strengths
        on requirements.as_of_date = strengths.as_of_date and requirements.value_text = strengths.value_text
    where requirements.requirement is not null or strengths.strength = 'must'
),

-- Few turns ask for something, so they come first; then only their touches need owners.
asking_turns as (
    select
        feed || '|' || record_key as touch_key, quote, {{ match_form('quote') }} as value_text, occurred_on, known_on, superseded_on
    from {{ ref('int_tagging__call_turns') }}
    where {{ match_form('quote') }} in (select value_text from words)
),

asking_touches as (
    select touch_key, subject_key, visible_from, visible_to
    from {{ ref('int_cleansing__visible_touches') }}
    where touch_key in (select touch_key from asking_turns)
),

texts as (
    select
        as_of_date, lead_id, {{ match_form('need_text') }} as value_text, need_text as quote, need_text_stated_on as occurred_on,
        need_text_stated_on as known_on, cast(null as {{ dbt.type_string() }}) as touch_key
    from {{ ref('int_cleansing__leads') }}
    where need_text_stated_on <= as_of_date
    union all
    select
        owners.as_of_date, owners.lead_id, turns.value_text, turns.quote, turns.occurred_on, turns.known_on,
        turns.touch_key
    from asking_turns as turns
    inner join asking_touches as touches on turns.touch_key = touches.touch_key
    inner join {{ ref('int_cleansing__key_owners') }} as owners
        on
            touches.subject_key = owners.key_key
            and turns.known_on <= owners.as_of_date
            and owners.as_of_date < turns.superseded_on
            and turns.occurred_on <= owners.as_of_date
            and touches.visible_from <= owners.as_of_date
            and owners.as_of_date < touches.visible_to
),

statements as (
    select
        texts.as_of_date, texts.lead_id, meanings.requirement, meanings.strength, texts.quote, meanings.rule_key,
        meanings.strength_rule_key,
        texts.touch_key, texts.occurred_on, greatest(texts.occurred_on, texts.known_on) as valid_from,
        cast(null as decimal(18, 2)) as amount_wan
    from texts
    inner join meanings on texts.as_of_date = meanings.as_of_date and texts.value_text = meanings.value_text
    union all
    select
        as_of_date, lead_id, 'price_range', 'wish', cast(budget_wan as {{ dbt.type_string() }}), null, null,
        null, budget_wan_stated_on, budget_wan_stated_on, budget_wan
    from {{ ref('int_cleansing__leads') }}
    where budget_wan_stated_on <= as_of_date
),

-- Of one day the last word on a requirement; a must-have before a wish, a must-have before what is not needed.
of_the_day as (
    select
        statements.*,
        row_number() over (
            partition by as_of_date, lead_id, requirement, valid_from
            order by occurred_on desc, case strength when 'must' then 1 when 'wish' then 2 else 3 end, quote asc, touch_key asc
        ) as day_rank
    from statements
)

select
    as_of_date, lead_id, requirement,
    case
        when strength = 'not_needed' then strength
        when max(case when strength = 'must' then 1 else 0 end) over (partition by as_of_date, lead_id, requirement) = 1
            then 'must'
        else strength
    end as strength,
    quote, rule_key, strength_rule_key, touch_key, amount_wan, occurred_on, valid_from,
    coalesce(
        lead(valid_from) over (partition by as_of_date, lead_id, requirement order by valid_from), cast('9999-12-31' as date)
    ) as valid_to
from of_the_day
where day_rank = 1
