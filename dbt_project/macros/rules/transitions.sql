{# The day-ends for which moves are booked: those without a gap up to the current one. The first of them has none before it to
   compare with (is_opening). A current day-end that stands alone gives no row. #}
{% macro compared_day_ends() %}
    select pairs.as_of_date, pairs.previous_on, false as is_opening
    from {{ ref('int_scoring__day_end_pairs') }} as pairs
    inner join ({{ first_without_gap() }}) as opening on pairs.as_of_date > opening.as_of_date
    union all
    select opening.as_of_date, cast(null as date) as previous_on, true as is_opening
    from ({{ first_without_gap() }}) as opening
    inner join {{ ref('int_scoring__day_end_pairs') }} as pairs on opening.as_of_date = pairs.previous_on
{% endmacro %}

{% macro first_without_gap() %}
        select max(day_ends.as_of_date) as as_of_date
        from {{ ref('int_cleansing__day_ends') }} as day_ends
        left join {{ ref('int_scoring__day_end_pairs') }} as pairs on day_ends.as_of_date = pairs.as_of_date
        where pairs.as_of_date is null
{% endmacro %}

{# Before an incremental model of moves appends: what earlier builds wrote for the day-ends that this one computes anew goes,
   also where it has nothing to say any more. The first one stays as it is and is only added to. #}
{% macro forget_day_ends() %}
    {%- if is_incremental() -%}
    delete from {{ this }} where as_of_date in (
        select as_of_date from ({{ compared_day_ends() }}) as days
        where not is_opening
    )
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
