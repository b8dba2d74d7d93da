-- The one controlled word of a touch value (page, form name, menu entry, QR scene) and the dates between which the rules
-- give it. A value keeps one row for as long as the winning rule stays the same, so any past day reads its own word.
with

hits as (
    select attribute, value_text, tag, priority, rule_id, valid_from, valid_to
    from {{ ref('int_tagging__value_tags') }}
    where
        status = 'active'
        and attribute in ('page_url', 'form_name', 'menu_name', 'scene')
),

boundaries as (
    select attribute, value_text, valid_from as boundary_on from hits
    union
    select attribute, value_text, valid_to as boundary_on from hits
),

spans as (
    select
        attribute,
        value_text,
        boundary_on as span_from,
        lead(boundary_on) over (partition by attribute, value_text order by boundary_on) as span_to
    from boundaries
),

ranked as (
    select
        spans.attribute,
        spans.value_text,
        spans.span_from,
        spans.span_to,
        hits.tag,
        row_number() over (
            partition by spans.attribute, spans.value_text, spans.span_from
            order by hits.priority, hits.rule_id
        ) as hit_rank
    from spans
    inner join hits
        on
            spans.attribute = hits.attribute
            and spans.value_text = hits.value_text
            and hits.valid_from <= spans.span_from
            and spans.span_to <= hits.valid_to
    where spans.span_to is not null
)

select attribute, value_text, tag as qualifier, span_from as valid_from, span_to as valid_to
from ranked
where hit_rank = 1
