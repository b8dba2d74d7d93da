{%- set text = dbt.type_string() -%}
-- How far the judgement of a rep can be trusted (R17): looked at before feedback is used to change rules. Whoever returns much
-- need not be wrong, and whoever accepts all is right by chance only: both rates stand beside those of everybody.
with

rules as (
    select rules.finding, rules.rule_key, rules.threshold, rules.min_leads
    from {{ ref('rul_anomaly__report_findings') }} as rules
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on day_ends.is_current and {{ active_on('rules', 'day_ends.as_of_date') }}
),

judgements as (
    select judgements.*
    from {{ ref('fct_rep_judgements') }} as judgements
    inner join rules
        on
            rules.finding = 'judgement_window'
            and {{ days_between('judgements.judged_on', 'judgements.as_of_date') }} < rules.threshold
),

of_reps as (
    select
        rep_ref,
        as_of_date,
        count(*) as judged,
        count(case when judgement = 'accepted' then 1 end) as accepted,
        count(case when judgement = 'returned' then 1 end) as returned,
        count(case when judgement = 'returned' and reason is null then 1 end) as returned_without_reason,
        count(case when verdict in ('right', 'wrong') then 1 end) as settled,
        count(case when verdict = 'right' then 1 end) as agreed,
        count(case when verdict = 'wrong' and judgement = 'accepted' then 1 end) as accepted_in_vain,
        count(case when verdict = 'wrong' and judgement = 'returned' then 1 end) as returned_in_error
    from judgements
    group by rep_ref, as_of_date
),

beside_everybody as (
    select
        of_reps.*,
        sum(judged) over () as all_judged,
        sum(returned) over () as all_returned,
        sum(settled) over () as all_settled,
        sum(agreed) over () as all_agreed
    from of_reps
)

select
    cast(reps.rep_ref as {{ text }}) as rep_ref,
    cast(people.rep_name as {{ text }}) as rep_name,
    cast(people.team as {{ text }}) as team,
    cast(reps.as_of_date as date) as as_of_date,
    {% for count in [
        'judged', 'accepted', 'returned', 'returned_without_reason', 'settled', 'agreed', 'accepted_in_vain', 'returned_in_error',
    ] %}
    cast(reps.{{ count }} as bigint) as {{ count }},
    {% endfor %}
    {% for rate, part, whole in [
        ('return', 'returned', 'judged'), ('agreement', 'agreed', 'settled'),
        ('everybodys_return', 'all_returned', 'all_judged'), ('everybodys_agreement', 'all_agreed', 'all_settled'),
    ] %}
    cast(case when reps.{{ whole }} > 0 then {{ div_round('reps.' ~ part ~ ' * 1000', 'reps.' ~ whole) }} end as bigint)
        as {{ rate }}_permille,
    {% endfor %}
    cast(case
        when reps.settled < yardstick.min_leads then 'too_few'
        when reps.agreed * 100 >= yardstick.threshold * reps.settled then 'holds'
        else 'doubtful'
    end as {{ text }}) as standing,
    cast(yardstick.rule_key as {{ text }}) as rule_key
from beside_everybody as reps
inner join rules as yardstick on yardstick.finding = 'rep_yardstick'
left join {{ ref('dim_reps') }} as people on reps.rep_ref = people.rep_id
