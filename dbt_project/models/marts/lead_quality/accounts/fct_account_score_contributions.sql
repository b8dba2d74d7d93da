select
    cast(contributions.account_id as varchar) as account_id,
    cast(contributions.as_of_date as date) as as_of_date,
    cast(contributions.component as varchar) as component,
    cast(contributions.kind as varchar) as kind,
    cast(contributions.item as varchar) as item,
    cast(contributions.rule_key as varchar) as rule_key,
    cast(rules.rule_key as varchar) as component_rule_key,
    cast(contributions.lead_id as varchar) as lead_id,
    cast(contributions.points_milli as bigint) as points_milli,
    cast(contributions.score_share_milli as bigint) as score_share_milli,
    cast(rules.label_zh as varchar) as component_zh,
    cast(rules.label_en as varchar) as component_en
from {{ ref('int_scoring__account_contributions') }} as contributions
inner join {{ ref('int_cleansing__day_ends') }} as day_ends
    on contributions.as_of_date = day_ends.as_of_date and day_ends.is_current
inner join {{ ref('rul_scoring__account') }} as rules
    on contributions.component = rules.component and {{ active_on('rules', 'contributions.as_of_date') }}
