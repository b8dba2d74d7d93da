{{ config(schema='action') }}
{%- set text = dbt.type_string() -%}
{%- set causes = [
    ('identity', 'identity_milli'), ('rule_change', 'rule_milli'), ('attribute', 'attribute_milli'), ('late_data', 'late_data_milli'),
    ('decay', 'decay_milli'), ('inactivity', 'inactivity_milli'), ('behaviour', 'behaviour_milli'),
] -%}
-- The mean score of all leads against that of some day-ends before, by the causes of the ledger. What these don't explain is
-- mix: leads that came, went or changed their channel.
with

leads as (
    select as_of_date, lead_id, score_milli, coalesce(source_channel, 'unknown') as channel
    from {{ ref('int_action__lead_days') }}
    where scope = 'b2b' and is_in_series
),

changes as (
    select
        leads.as_of_date, leads.channel, count(*) as leads, sum(leads.score_milli) as score_milli,
        {% for cause, column in causes %}
        sum(coalesce(changes.{{ column }}, 0)) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from leads
    left join {{ ref('int_scoring__score_changes') }} as changes
        on leads.as_of_date = changes.as_of_date and leads.lead_id = changes.lead_id
    group by leads.as_of_date, leads.channel
),

days as (
    select * from changes
    union all
    select
        as_of_date, 'all' as channel, sum(leads) as leads, sum(score_milli) as score_milli,
        {% for cause, column in causes %}
        sum({{ column }}) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from changes
    group by as_of_date
),

bounds as (
    select min(as_of_date) as oldest_on from days
),

falls as (
    select
        today.as_of_date, today.channel, policies.rule_key, start.as_of_date as start_on, today.leads,
        {{ div_round('start.score_milli', 'start.leads') }} as before_milli,
        {{ div_round('today.score_milli', 'today.leads') }} - {{ div_round('start.score_milli', 'start.leads') }} as change_milli,
        {% for cause, column in causes %}
        {{ div_round('sum(between_days.' ~ column ~ ')', 'today.leads') }} as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from days as today
    cross join bounds
    inner join {{ ref('rul_anomaly__limits') }} as policies
        on policies.metric = 'score_level' and {{ active_on('policies', 'today.as_of_date') }} and today.leads >= policies.min_volume
    inner join days as start
        on
            today.channel = start.channel
            and start.leads >= policies.min_volume
            and start.as_of_date = greatest({{ add_days('today.as_of_date', '-policies.window_days') }}, bounds.oldest_on)
    inner join days as between_days
        on
            today.channel = between_days.channel
            and between_days.as_of_date > start.as_of_date
            and between_days.as_of_date <= today.as_of_date
    group by
        today.as_of_date, today.channel, policies.rule_key, start.as_of_date, today.leads, start.score_milli, start.leads,
        today.score_milli, policies.threshold
    having
        {{ div_round('start.score_milli', 'start.leads') }} - {{ div_round('today.score_milli', 'today.leads') }} >= policies.threshold
),

parts as (
    {% for cause, column in causes + [('mix', 'change_milli - ' ~ causes | map(attribute=1) | join(' - '))] %}
    select as_of_date, channel, '{{ cause }}' as cause, {{ column }} as part_milli from falls
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

ranked as (
    select
        parts.*,
        row_number() over (partition by as_of_date, channel order by part_milli asc, cause asc) as part_rank
    from parts
),

split as (
    select
        as_of_date, channel,
        max(case when part_rank = 1 then cause end) as cause,
        {{ sorted_text_list("'\"' || cause || '\":' || cast(part_milli as " ~ text ~ ")", "','") }} as cause_items
    from ranked
    group by as_of_date, channel
)

select
    falls.as_of_date, falls.channel, falls.rule_key, falls.start_on, falls.leads, falls.before_milli, falls.change_milli,
    split.cause, split.cause_items
from falls
inner join split on falls.as_of_date = split.as_of_date and falls.channel = split.channel
