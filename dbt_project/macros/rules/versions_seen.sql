{# A FROM item: of each record the version that a day-end knows last, without deleted ones and those that occur later
   (DESIGN 3). staged: a staging model, whose events may be delivered again with other content. Adds as_of_date. #}
{% macro versions_seen(staged) -%}
(
    select *
    from (
        select
            day_ends.as_of_date,
            staged.*,
            row_number() over (
                partition by day_ends.as_of_date, staged.record_key
                order by staged.known_at desc, staged.delivery_id desc, staged.delivery_row desc
            ) as version_rank
        from {{ staged }} as staged
        inner join {{ ref('int_cleansing__day_ends') }} as day_ends on staged.known_on <= day_ends.as_of_date
    ) as versions
    where version_rank = 1 and not is_deleted and occurred_on <= as_of_date
)
{%- endmacro %}
