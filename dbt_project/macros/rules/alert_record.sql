{# Records of what was watched only grow towards today (docs/decisions/0010): a build adds the day-ends that follow the newest
   one recorded before its current day-end, and replaces the current one. What was recorded stays, whatever history a later
   build looks at. Month-ends of a backfill come in only while there is no record, and only where they mean something. #}
{% macro day_ends_to_record(with_month_ends=false) %}
    select day_ends.as_of_date
    from {{ ref('int_cleansing__day_ends') }} as day_ends
    {%- if is_incremental() %}
    cross join (
        select max(record.as_of_date) as as_of_date
        from {{ this }} as record
        inner join {{ ref('int_cleansing__day_ends') }} as current_days
            on current_days.is_current and record.as_of_date < current_days.as_of_date
    ) as newest
    where
        day_ends.is_current
        or (day_ends.is_in_series and coalesce(day_ends.as_of_date > newest.as_of_date, true))
        {{ 'or newest.as_of_date is null' if with_month_ends }}
    {%- elif not with_month_ends %}
    where day_ends.is_in_series
    {%- endif %}
{% endmacro %}

{% macro forget_day_ends_to_record(with_month_ends=false) %}
    {%- if is_incremental() -%}
    delete from {{ this }} where as_of_date in (select as_of_date from ({{ day_ends_to_record(with_month_ends) }}) as days)
    {%- endif -%}
{% endmacro %}

{# The alert days that are recorded before the current day-end; a build without a record has none. record: fct_alert_days. #}
{% macro alert_days_before(record) %}
    {%- if is_incremental() -%}
    select
        record.as_of_date, record.subject_kind, record.subject_key, record.alert_kind, record.severity, record.speaks, record.alert_id,
        record.opened_on, record.reopened_on, record.reopenings, record.clock_from_on
    from {{ record }} as record
    inner join {{ ref('int_cleansing__day_ends') }} as current_days
        on current_days.is_current and record.as_of_date < current_days.as_of_date
    {%- else -%}
    select
        as_of_date, subject_kind, subject_key, alert_kind, severity, true as speaks, rule_key as alert_id, as_of_date as opened_on,
        as_of_date as reopened_on, magnitude as reopenings, as_of_date as clock_from_on
    from {{ ref('int_action__alert_days') }}
    where false
    {%- endif -%}
{% endmacro %}
