{%- set text = dbt.type_string() -%}
with

versions as (
    select
        items.*,
        row_number() over (
            partition by items.content_id, items.is_deleted
            order by items.known_at desc, items.delivery_id desc, items.delivery_row desc
        ) as version_rank,
        max(case when items.is_deleted then items.known_at end) over (partition by items.record_key) as removed_at
    from {{ ref('stg_content__items') }} as items
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on
            day_ends.is_current
            and items.known_on <= day_ends.as_of_date
            and (items.is_deleted or items.occurred_on <= day_ends.as_of_date)
)

select
    cast(content_id as {{ text }}) as content_id,
    cast(title as {{ text }}) as title,
    cast(content_kind as {{ text }}) as content_kind,
    cast(content_format as {{ text }}) as content_format,
    cast(decision_stage as {{ text }}) as decision_stage,
    cast(product as {{ text }}) as product,
    cast(industry as {{ text }}) as industry,
    cast(decision_role as {{ text }}) as decision_role,
    cast(language as {{ text }}) as language,
    cast(url as {{ text }}) as url,
    cast(published_at as {{ dbt.type_timestamp() }}) as published_at,
    cast(coalesce(removed_at >= known_at, false) as boolean) as is_removed,
    cast(source_system as {{ text }}) as source_system
from versions
where version_rank = 1 and not is_deleted
