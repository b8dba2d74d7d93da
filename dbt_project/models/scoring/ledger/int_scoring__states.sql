{# The causes of the ledger in the order in which their inputs are switched from the day-end before to the day-end
   (DESIGN 5, Scoring). After the last one everything is as at the day-end. #}
{% set causes = ledger_causes() %}
{% set place = {} %}
{% for cause in causes + ['day_end'] %}{% do place.update({cause: loop.index}) %}{% endfor %}
{# The inputs by which the state after a cause can differ from the state before it, of the lead or of a colleague. With
   records or a company that moved any state can, and time passes for everybody. #}
{% set inputs_of = {
    'identity': ['keys'],
    'rule': ['rules'],
    'attribute': ['attributes', 'tags', 'segment', 'statements'],
    'late_data': ['touches', 'signals', 'keys', 'rules'],
    'inactivity': ['silence', 'touches', 'keys', 'rules'],
} %}
-- What a score is computed from: at each day-end for every lead, and for leads whose inputs changed also after each cause
-- alone was let in. A state that cannot differ from the one before it is left out: computing it would cost as much as a
-- day-end. Every date is that of the day-end or of the one before.
with

scored as (
    select as_of_date, lead_id from {{ ref('int_tagging__lead_segments') }}
),

changes as (
    select
        as_of_date,
        lead_id,
        max(case when input = 'records' then 1 else 0 end) as has_moved_records,
        max(case when input in ('records', 'keys') then 1 else 0 end) as is_reowned,
        max(case when input = 'attributes' then 1 else 0 end) as has_other_attributes,
        max(case when input = 'rules' then 1 else 0 end) as has_other_rules,
        {% for cause in causes %}
        {%- if cause in inputs_of %}
        max(case
            when
                input in (
                    {% for moved in inputs_of[cause] + ['records', 'company'] -%}
                    '{{ moved }}', 'colleagues_{{ moved }}'{{ ', ' if not loop.last }}
                    {%- endfor %}
                )
                then 1
            else 0
        end)
        {%- else %}
        1
        {%- endif %} as may_be_{{ cause }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_scoring__input_changes') }}
    group by as_of_date, lead_id
),

-- Answers of sales and stages of a deal replace one another, so they are let in together: as late data when the
-- newest of them is of an earlier day, else as behaviour.
new_answers as (
    select
        pairs.as_of_date,
        signals.lead_id,
        max(signals.occurred_on) as newest_on
    from {{ ref('int_scoring__day_end_pairs') }} as pairs
    inner join {{ ref('int_tagging__lead_signals') }} as signals on pairs.as_of_date = signals.as_of_date
    inner join {{ ref('int_tagging__signal_definitions') }} as definitions on signals.signal_key = definitions.signal_key
    where definitions.signal_kind in ({{ answer_signal_kinds() }})
    group by pairs.as_of_date, signals.lead_id
),

causes as (
    {% for cause in causes %}
    select '{{ cause }}' as state, {{ place[cause] }} as state_order
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

before_the_day_end as (
    select
        scored.as_of_date,
        pairs.previous_on,
        scored.lead_id,
        causes.state,
        causes.state_order,
        changes.is_reowned,
        changes.has_other_rules,
        -- Records that moved bring their attributes along; on a day of new rules, tags of the same attributes changed by a rule.
        case
            when changes.has_moved_records = 1 then {{ place.identity }}
            when changes.has_other_rules = 1 and changes.has_other_attributes = 0 then {{ place.rule }}
            else {{ place.attribute }}
        end as attributes_order,
        case
            when new_answers.newest_on > pairs.previous_on then {{ place.day_end }}
            else {{ place.late_data }}
        end as answers_order
    from scored
    inner join {{ ref('int_scoring__day_end_pairs') }} as pairs on scored.as_of_date = pairs.as_of_date
    inner join scored as earlier on pairs.previous_on = earlier.as_of_date and scored.lead_id = earlier.lead_id
    {{ 'left' if var('ledger_of_every_lead') else 'inner' }} join changes
        on scored.as_of_date = changes.as_of_date and scored.lead_id = changes.lead_id
    left join new_answers on scored.as_of_date = new_answers.as_of_date and scored.lead_id = new_answers.lead_id
    cross join causes
    {% if not var('ledger_of_every_lead') %}
    where
        case causes.state
            {% for cause in causes %}
            when '{{ cause }}' then changes.may_be_{{ cause }}
            {% endfor %}
        end = 1
    {% endif %}
)

select
    as_of_date,
    lead_id,
    'day_end' as state,
    cast({{ place.day_end }} as bigint) as state_order,
    false as reads_facts_anew,
    as_of_date as owners_on,
    as_of_date as rules_on,
    as_of_date as attributes_on,
    as_of_date as known_on,
    as_of_date as answers_on,
    as_of_date as age_on,
    as_of_date as silence_on,
    as_of_date as occurred_until_on
from scored

union all

select
    as_of_date,
    lead_id,
    state,
    cast(state_order as bigint) as state_order,
    coalesce(is_reowned = 1 or (has_other_rules = 1 and state_order >= {{ place.rule }}), false) as reads_facts_anew,
    as_of_date as owners_on,
    case when state_order >= {{ place.rule }} then as_of_date else previous_on end as rules_on,
    case when state_order >= attributes_order then as_of_date else previous_on end as attributes_on,
    case when state_order >= {{ place.late_data }} then as_of_date else previous_on end as known_on,
    case when state_order >= answers_order then as_of_date else previous_on end as answers_on,
    case when state_order >= {{ place.decay }} then as_of_date else previous_on end as age_on,
    case when state_order >= {{ place.inactivity }} then as_of_date else previous_on end as silence_on,
    previous_on as occurred_until_on
from before_the_day_end
