{%- set text = dbt.type_string() -%}
with

versions as (
    select
        reps.*,
        row_number() over (
            partition by reps.rep_id, reps.is_deleted
            order by reps.known_at desc, reps.delivery_id desc, reps.delivery_row desc
        ) as version_rank,
        max(case when reps.is_deleted then reps.known_at end) over (partition by reps.record_key) as removed_at
    from {{ ref('stg_crm__reps') }} as reps
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on
            day_ends.is_current
            and reps.known_on <= day_ends.as_of_date
            and (reps.is_deleted or reps.occurred_on <= day_ends.as_of_date)
)

select
    cast(rep_id as {{ text }}) as rep_id,
    cast(rep_name as {{ text }}) as rep_name,
    cast(role as {{ text }}) as role,
    cast(team as {{ text }}) as team,
    cast(region as {{ text }}) as region,
    cast(expertise as {{ text }}) as expertise,
    cast(capacity as bigint) as capacity,
    cast(email as {{ text }}) as email,
    cast(phone as {{ text }}) as phone,
    cast(manager_ref as {{ text }}) as manager_ref,
    cast(coalesce(is_active, left_at is null) as boolean) as is_active,
    cast(coalesce(removed_at >= known_at, false) as boolean) as is_removed,
    cast(hired_at as {{ dbt.type_timestamp() }}) as hired_at,
    cast(left_at as {{ dbt.type_timestamp() }}) as left_at,
    cast(source_system as {{ text }}) as source_system
from versions
where version_rank = 1 and not is_deleted
