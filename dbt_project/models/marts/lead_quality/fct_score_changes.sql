{{ config(
    materialized='incremental',
    full_refresh=false,
    incremental_strategy=reload_strategy(),
    unique_key='as_of_date',
    pre_hook='{{ forget_compared_days() }}',
    partition_by=['as_of_date'] if target.type == 'spark' else none,
    on_schema_change='append_new_columns',
) }}
{%- set causes = ['new'] + ledger_causes() + ['behaviour'] -%}
-- The day-ends of the build replace what earlier builds wrote for them; older days stay as they were published. A day on
-- which a score only faded and nobody would see a difference is left out.
with

changes as (
    select changes.*, pairs.previous_on
    from {{ ref('int_scoring__score_changes') }} as changes
    inner join {{ ref('int_scoring__day_end_pairs') }} as pairs on changes.as_of_date = pairs.as_of_date
),

shown as (
    select as_of_date, lead_id, score, band from {{ ref('int_scoring__lead_scores') }}
),

levels as (
    select as_of_date, lead_id, maturity_level from {{ ref('int_maturity__lead_maturity') }}
),

with_what_is_shown as (
    select
        changes.*,
        before_shown.score as before_score,
        after_shown.score as after_score,
        before_shown.band as before_band,
        after_shown.band as after_band,
        before_levels.maturity_level as before_level,
        after_levels.maturity_level as after_level
    from changes
    left join shown as before_shown
        on changes.previous_on = before_shown.as_of_date and changes.lead_id = before_shown.lead_id
    left join shown as after_shown
        on changes.as_of_date = after_shown.as_of_date and changes.lead_id = after_shown.lead_id
    left join levels as before_levels
        on changes.previous_on = before_levels.as_of_date and changes.lead_id = before_levels.lead_id
    left join levels as after_levels
        on changes.as_of_date = after_levels.as_of_date and changes.lead_id = after_levels.lead_id
)

select
    cast(as_of_date as date) as as_of_date,
    cast(lead_id as {{ dbt.type_string() }}) as lead_id,
    cast(before_milli as bigint) as before_milli,
    {% for cause in causes %}
    cast({{ cause }}_milli as bigint) as {{ cause }}_milli,
    {% endfor %}
    cast(after_milli as bigint) as after_milli,
    cast(before_score as bigint) as before_score,
    cast(after_score as bigint) as after_score,
    cast(before_band as {{ dbt.type_string() }}) as before_band,
    cast(after_band as {{ dbt.type_string() }}) as after_band,
    cast(before_level as {{ dbt.type_string() }}) as before_level,
    cast(after_level as {{ dbt.type_string() }}) as after_level,
    cast(has_ended as boolean) as has_ended
from with_what_is_shown
where
    before_score is distinct from after_score
    or before_band is distinct from after_band
    or before_level is distinct from after_level
    {% for cause in causes if cause != 'decay' %}
    or {{ cause }}_milli <> 0
    {% endfor %}
