{# Leads whose rows of a relation differ between a day-end and the one before: a FROM item with as_of_date, lead_id. The
   relation has one set of rows per as_of_date; `columns` are what a row says beside the lead; only rows for which
   `condition` holds are looked at. #}
{% macro changed_rows(relation, columns, condition='true') -%}
{%- set key = columns | join(', ') -%}
(
    select distinct as_of_date, lead_id
    from (
        select as_of_date, lead_id, {{ key }}
        from (
            select pairs.as_of_date, lead_id, {{ key }}, 1 as side
            from {{ relation }} as sides
            inner join pairs on sides.as_of_date = pairs.as_of_date
            where {{ condition }}
            union all
            select pairs.as_of_date, lead_id, {{ key }}, -1 as side
            from {{ relation }} as sides
            inner join pairs on sides.as_of_date = pairs.previous_on
            where {{ condition }}
        ) as both_sides
        group by as_of_date, lead_id, {{ key }}
        having sum(side) <> 0
    ) as differences
) as changed_leads
{%- endmacro %}
