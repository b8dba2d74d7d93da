{# R15, DESIGN 5. Before + causes = after; and a cause is not named where its input did not change: without records or keys
   that moved nothing is put down to identity, on a day without another rule nothing to rules. The states are computed in
   full, so a state that lets in more than its own input shows up here. Days kept from earlier builds were looked at then. #}
{% test causes_explain_the_change(model) %}
with

changes as (
    select * from {{ model }}
    where as_of_date in (select pairs.as_of_date from {{ ref('int_scoring__day_end_pairs') }} as pairs)
),

inputs as (
    select
        as_of_date,
        lead_id,
        max(case
            when input in ('records', 'keys', 'colleagues_records', 'colleagues_keys', 'colleagues_company') then 1
            else 0
        end) as may_be_identity,
        max(case when input = 'rules' then 1 else 0 end) as may_be_rule
    from {{ ref('int_scoring__input_changes') }}
    group by as_of_date, lead_id
)

select changes.*
from changes
left join inputs on changes.as_of_date = inputs.as_of_date and changes.lead_id = inputs.lead_id
where
    coalesce(before_milli, 0) + new_milli + identity_milli + rule_milli + attribute_milli + late_data_milli + decay_milli
    + inactivity_milli + behaviour_milli <> after_milli
    or (identity_milli <> 0 and not has_ended and coalesce(inputs.may_be_identity, 0) = 0)
    or (rule_milli <> 0 and coalesce(inputs.may_be_rule, 0) = 0)
{% endtest %}
