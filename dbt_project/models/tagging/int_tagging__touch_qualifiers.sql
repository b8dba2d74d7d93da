-- The controlled word that a touch's page, form, menu entry, QR scene or content item stands for, and the day-ends for
-- which that holds: a later rule version, a later edition of the content item or a later version of the touch itself, when it was
-- delivered again with other content, starts a row of its own.
with

touches as (
    select
        touches.touch_key, touches.channel, touches.touch_type, touches.qualifier_source_kind,
        {{ match_form('touches.qualifier_source_value') }} as value_text,
        case when repeated.feed is null then cast('2000-01-01' as date) else touches.known_on end as holds_from,
        coalesce(touches.superseded_on, cast('9999-12-31' as date)) as holds_to
    from {{ ref('int_cleansing__touchpoints') }} as touches
    left join {{ ref('int_cleansing__repeated_events') }} as repeated
        on
            touches.feed = repeated.feed
            and touches.delivery_id = repeated.delivery_id
            and touches.delivery_row = repeated.delivery_row
    where touches.qualifier_source_value is not null
),

content_editions as (
    select
        {{ match_form('content_id') }} as value_text,
        decision_stage,
        is_deleted,
        known_on,
        row_number() over (
            partition by {{ match_form('content_id') }}, known_on
            order by known_at desc, delivery_id desc, delivery_row desc
        ) as edition_rank
    from {{ ref('stg_content__items') }}
),

content_stages as (
    select
        value_text,
        case when not is_deleted then decision_stage end as qualifier,
        known_on as valid_from,
        coalesce(lead(known_on) over (partition by value_text order by known_on), cast('9999-12-31' as date)) as valid_to
    from content_editions
    where edition_rank = 1
),

words as (
    select
        touches.*, value_text as qualifier,
        cast('2000-01-01' as date) as word_from, cast('9999-12-31' as date) as word_to,
        false as is_of_edition
    from touches
    where qualifier_source_kind in ('form_purpose', 'added_by', 'qualifier')
    union all
    select
        touches.*, content_stages.qualifier,
        content_stages.valid_from as word_from, content_stages.valid_to as word_to,
        true as is_of_edition
    from touches
    inner join content_stages on touches.value_text = content_stages.value_text
    where touches.qualifier_source_kind = 'content_ref' and content_stages.qualifier is not null
    union all
    select
        touches.*, rules.qualifier,
        rules.valid_from as word_from, rules.valid_to as word_to,
        false as is_of_edition
    from touches
    inner join {{ ref('int_tagging__value_qualifiers') }} as rules
        on touches.qualifier_source_kind = rules.attribute and touches.value_text = rules.value_text
)

select
    touch_key,
    channel,
    touch_type,
    qualifier,
    greatest(word_from, holds_from) as valid_from,
    least(word_to, holds_to) as valid_to,
    is_of_edition
from words
where greatest(word_from, holds_from) < least(word_to, holds_to)
