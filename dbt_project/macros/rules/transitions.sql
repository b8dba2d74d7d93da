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

{# How a lead went through its levels and stages as a day-end tells it, and its status. A status has no path: it is what the
   gates say on the day-end. #}
{% macro lead_state_paths() %}
    select as_of_date, lead_id, state_kind, state, state_order, rule_key, entered_on, left_on
    from {{ ref('int_maturity__state_path') }}
    union all
    select
        leads.as_of_date, leads.lead_id, 'lifecycle_status', coalesce(statuses.lifecycle_status, 'captured'),
        coalesce(statuses.precedence, 0), statuses.rule_key, leads.as_of_date, {{ add_days('leads.as_of_date', 1) }}
    from {{ ref('int_cleansing__leads') }} as leads
    left join {{ ref('int_maturity__lead_lifecycle') }} as statuses
        on leads.as_of_date = statuses.as_of_date and leads.lead_id = statuses.lead_id
{% endmacro %}

{# Where other code or an exception of today tells another story of the first day-end than the record, what the record booked
   for such a lead on that very day goes: two moves of one day would contradict each other. #}
{% macro forget_what_is_told_otherwise() %}
    {%- if is_incremental() -%}
    delete from {{ this }} where (as_of_date, lead_id) in (
        with booked as (
            select
                record.as_of_date, record.lead_id, record.state_kind,
                case when not record.has_ended then record.to_state end as state,
                row_number() over (partition by record.lead_id, record.state_kind order by record.transition_on desc) as newest
            from {{ this }} as record
            inner join ({{ compared_day_ends() }}) as days on days.is_opening and record.as_of_date = days.as_of_date
        )

        select booked.as_of_date, booked.lead_id
        from booked
        left join ({{ lead_state_paths() }}) as states
            on
                booked.as_of_date = states.as_of_date
                and booked.lead_id = states.lead_id
                and booked.state_kind = states.state_kind
                and states.entered_on <= states.as_of_date
                and states.as_of_date < states.left_on
        where booked.newest = 1 and booked.state is distinct from states.state
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
