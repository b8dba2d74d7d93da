{% set text = dbt.type_string() %}
-- What is known of a lead, from where and how old, and what to ask next (R05): the unknown field whose answer narrows the
-- possible score most, which is the mean of what its top loses if the answer is the worst and its bottom gains if it is the best.
with

fields as (
    select fields.*, rules.ask_by, rules.tag_groups
    from {{ ref('int_maturity__field_knowledge') }} as fields
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends
        on fields.as_of_date = day_ends.as_of_date and day_ends.is_current
    inner join {{ ref('rul_cleansing__completeness') }} as rules on fields.rule_key = rules.rule_key
),

group_ranges as (
    {{ fit_group_ranges() }}
),

possible as (
    select
        fit.as_of_date, fit.lead_id, fit.full_marks, fit.floor_points, fit.weight_pct,
        fit.points_milli + possible_fit.lowest_milli as bottom_milli,
        fit.points_milli + possible_fit.highest_milli as top_milli,
        possible_fit.unknown_tag_groups
    from {{ ref('int_scoring__dimension_scores') }} as fit
    inner join {{ ref('int_scoring__possible_fit') }} as possible_fit
        on fit.as_of_date = possible_fit.as_of_date and fit.lead_id = possible_fit.lead_id
    where fit.dimension = 'fit' and fit.state = 'day_end'
),

open_ranges as (
    select
        fields.lead_id, fields.field, possible.full_marks, possible.floor_points, possible.weight_pct,
        possible.bottom_milli, possible.top_milli,
        sum(group_ranges.highest_milli - group_ranges.lowest_milli) as spread_milli
    from fields
    inner join possible on fields.as_of_date = possible.as_of_date and fields.lead_id = possible.lead_id
    inner join group_ranges
        on
            fields.as_of_date = group_ranges.as_of_date
            and {{ is_in_list('group_ranges.tag_group', 'fields.tag_groups') }}
            and {{ is_in_list('group_ranges.tag_group', 'possible.unknown_tag_groups') }}
    where not fields.is_known
    group by 1, 2, 3, 4, 5, 6, 7
),

narrowed as (
    select
        lead_id, field,
        {{ fit_share('top_milli') }} - {{ fit_share('top_milli - spread_milli') }}
        + {{ fit_share('bottom_milli + spread_milli') }} - {{ fit_share('bottom_milli') }} as both_ends_milli
    from open_ranges
),

companies as (
    select leads.as_of_date, leads.lead_id, accounts.is_in_registry
    from {{ ref('int_cleansing__leads') }} as leads
    inner join {{ ref('int_cleansing__accounts') }} as accounts
        on leads.as_of_date = accounts.as_of_date and leads.account_id = accounts.account_id
),

-- The registry is asked before a person, as long as there is a company to look up that it was not asked about.
described as (
    select
        fields.*,
        sources.value_from,
        sources.source_system,
        sources.record_key,
        sources.stated_on,
        case when not fields.is_known then coalesce(narrowed.both_ends_milli, 0) end as both_ends_milli,
        case
            when fields.is_known then null
            when fields.ask_by = 'enrichment' and coalesce(companies.is_in_registry, true) then 'sdr'
            else fields.ask_by
        end as ask_whom
    from fields
    left join {{ ref('int_lead_quality__field_sources') }} as sources
        on fields.lead_id = sources.lead_id and fields.field = sources.field
    left join narrowed on fields.lead_id = narrowed.lead_id and fields.field = narrowed.field
    left join companies on fields.as_of_date = companies.as_of_date and fields.lead_id = companies.lead_id
)

select
    cast(lead_id as {{ text }}) as lead_id,
    cast(as_of_date as date) as as_of_date,
    cast(field as {{ text }}) as field,
    cast(is_known as boolean) as is_known,
    cast(weight as bigint) as weight,
    cast(required_for as {{ text }}) as required_for,
    cast(case when is_known then coalesce(value_from, 'trail') end as {{ text }}) as value_from,
    cast(case when is_known then source_system end as {{ text }}) as source_system,
    cast(case when is_known then record_key end as {{ text }}) as record_key,
    cast(case when is_known then stated_on end as date) as stated_on,
    cast(case when is_known then {{ days_between('stated_on', 'as_of_date') }} end as bigint) as age_days,
    cast(ask_whom as {{ text }}) as ask_whom,
    cast({{ div_round('both_ends_milli', 2) }} as bigint) as narrows_milli,
    cast(case
        when not is_known then row_number() over (
            partition by lead_id, is_known order by both_ends_milli desc, ask_order asc, field asc
        )
    end as bigint) as ask_rank,
    cast(rule_key as {{ text }}) as rule_key
from described
