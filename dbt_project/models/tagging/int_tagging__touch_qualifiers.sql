-- The controlled word that a touch's page, form, menu entry, QR scene or content item stands for, and the day-ends for
-- which that holds: a later rule version or a later edition of the content item starts a row of its own.
with

touches as (
    select touch_key, channel, touch_type, qualifier_source_kind, {{ match_form('qualifier_source_value') }} as value_text
    from {{ ref('int_cleansing__touchpoints') }}
    where qualifier_source_value is not null
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
)

select
    touch_key,
    channel,
    touch_type,
    value_text as qualifier,
    cast('2000-01-01' as date) as valid_from,
    cast('9999-12-31' as date) as valid_to
from touches
where qualifier_source_kind in ('form_purpose', 'added_by', 'qualifier')

union all

select
    touches.touch_key, touches.channel, touches.touch_type,
    content_stages.qualifier, content_stages.valid_from, content_stages.valid_to
from touches
inner join content_stages on touches.value_text = content_stages.value_text
where touches.qualifier_source_kind = 'content_ref' and content_stages.qualifier is not null

union all

select touches.touch_key, touches.channel, touches.touch_type, rules.qualifier, rules.valid_from, rules.valid_to
from touches
inner join {{ ref('int_tagging__value_qualifiers') }} as rules
    on touches.qualifier_source_kind = rules.attribute and touches.value_text = rules.value_text
