{% set text = dbt.type_string() %}
-- Where a lead comes from (R04): what its first record says beside what its trail says, and who passed it on.
with

leads as (
    select lead_id, as_of_date, nullif(source_channel, 'unknown') as recorded_source, source_channel_text, campaign_ref
    from {{ ref('dim_leads') }}
),

-- What we send is not a way on which somebody came.
own_touches as (
    select
        lead_id, occurred_at, channel, touch_type, campaign_ref,
        row_number() over (partition by lead_id order by occurred_at, touch_key) as touch_rank,
        count(*) over (partition by lead_id) as last_rank
    from {{ ref('fct_touchpoints') }}
    where lead_id is not null and not is_automatic and initiative in ('customer', 'reaction')
),

trails as (
    select
        lead_id,
        {% for place, rank in [('first', '1'), ('last', 'last_rank')] %}
        {% for column in ['occurred_at', 'channel', 'touch_type'] %}
        max(case when touch_rank = {{ rank }} then {{ column }} end) as {{ place }}_{{ column }},
        {% endfor %}
        {% endfor %}
        min_by(campaign_ref, touch_rank) filter (where campaign_ref is not null) as first_campaign_ref,
        max_by(campaign_ref, touch_rank) filter (where campaign_ref is not null) as last_campaign_ref
    from own_touches
    group by lead_id
),

-- A row of the touch type itself comes before the row of its channel.
sourced as (
    select
        leads.*,
        trails.first_occurred_at,
        trails.first_channel,
        trails.first_touch_type,
        trails.last_occurred_at,
        trails.last_channel,
        trails.last_touch_type,
        trails.first_campaign_ref,
        trails.last_campaign_ref,
        coalesce(by_type.source_channel, by_channel.source_channel) as trail_source,
        coalesce(by_type.rule_key, by_channel.rule_key) as trail_rule_key,
        case when by_type.rule_key is null then by_channel.agrees_with else by_type.agrees_with end as agrees_with
    from leads
    left join trails on leads.lead_id = trails.lead_id
    left join {{ ref('rul_tagging__trail_sources') }} as by_type
        on
            trails.first_channel = by_type.channel
            and trails.first_touch_type = by_type.touch_type
            and {{ active_on('by_type', 'leads.as_of_date') }}
    left join {{ ref('rul_tagging__trail_sources') }} as by_channel
        on
            trails.first_channel = by_channel.channel
            and by_channel.touch_type is null
            and {{ active_on('by_channel', 'leads.as_of_date') }}
),

steps as (
    select
        lead_id, step_key, depth, started_by, started_by_rep_ref, started_by_lead_id,
        row_number() over (partition by lead_id order by happened_at, step_key) as step_rank
    from {{ ref('fct_share_chains') }}
    where lead_id is not null and (depth > 0 or parent_state = 'lost')
),

sharing as (
    select lead_id, count(*) as shares
    from {{ ref('fct_share_chains') }}
    where lead_id is not null and step_kind = 'share'
    group by lead_id
)

select
    cast(sourced.lead_id as {{ text }}) as lead_id,
    cast(sourced.as_of_date as date) as as_of_date,
    cast(sourced.recorded_source as {{ text }}) as recorded_source,
    cast(sourced.source_channel_text as {{ text }}) as recorded_source_text,
    cast(sourced.campaign_ref as {{ text }}) as recorded_campaign_ref,
    cast(sourced.trail_source as {{ text }}) as trail_source,
    cast(sourced.trail_rule_key as {{ text }}) as trail_rule_key,
    cast(case
        when sourced.recorded_source is null and sourced.trail_source is null then 'unknown'
        when sourced.trail_source is null then 'record_only'
        when sourced.recorded_source is null then 'trail_only'
        when sourced.recorded_source = sourced.trail_source then 'same'
        when {{ is_in_list('sourced.recorded_source', "coalesce(sourced.agrees_with, '')") }} then 'compatible'
        else 'differs'
    end as {{ text }}) as source_agreement,
    {% for place in ['first', 'last'] %}
    cast(sourced.{{ place }}_occurred_at as {{ dbt.type_timestamp() }}) as {{ place }}_own_touch_at,
    cast(sourced.{{ place }}_channel as {{ text }}) as {{ place }}_own_channel,
    cast(sourced.{{ place }}_touch_type as {{ text }}) as {{ place }}_own_touch_type,
    cast(sourced.{{ place }}_campaign_ref as {{ text }}) as {{ place }}_campaign_ref,
    {% endfor %}
    cast(steps.step_key as {{ text }}) as came_by_step_key,
    cast(steps.depth as bigint) as came_by_depth,
    cast(steps.started_by as {{ text }}) as started_by,
    cast(steps.started_by_rep_ref as {{ text }}) as started_by_rep_ref,
    cast(steps.started_by_lead_id as {{ text }}) as started_by_lead_id,
    cast(coalesce(sharing.shares, 0) as bigint) as shares
from sourced
left join steps on sourced.lead_id = steps.lead_id and steps.step_rank = 1
left join sharing on sourced.lead_id = sharing.lead_id
