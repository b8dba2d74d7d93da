{# Before an incremental model of day-ends appends: what earlier builds wrote for the day-ends that this one computes anew goes,
   also where it has nothing to say any more. Its first day-end has none before it to compare with and stays as it is. #}
{% macro forget_day_ends() %}
    {%- if is_incremental() -%}
    delete from {{ this }} where as_of_date in (select as_of_date from {{ ref('int_scoring__day_end_pairs') }})
    {%- endif -%}
{% endmacro %}

{# The states that a record of transitions knows on the first day-end of the build: the last one of each lead and kind.
   days: a relation with as_of_date and is_opening; states: one of the shape to return, for a record that does not exist yet. #}
{% macro recorded_states(record, days, states) %}
    {%- if is_incremental() -%}
    select
        as_of_date, lead_id, state_kind, to_state as state, to_order as state_order, to_rule_key as rule_key,
        transition_on as since_on, booked_on
    from (
        select
            record.lead_id, record.state_kind, record.to_state, record.to_order, record.to_rule_key, record.transition_on,
            record.as_of_date as booked_on, record.has_ended, days.as_of_date,
            row_number() over (
                partition by record.lead_id, record.state_kind
                order by record.as_of_date desc, record.transition_on desc
            ) as newest
        from {{ record }} as record
        inner join {{ days }} as days on days.is_opening and record.as_of_date <= days.as_of_date
    ) as until_the_opening
    where newest = 1 and not has_ended
    {%- else -%}
    select
        as_of_date, lead_id, state_kind, state, state_order, rule_key, entered_on as since_on, as_of_date as booked_on
    from {{ states }}
    where false
    {%- endif -%}
{% endmacro %}
