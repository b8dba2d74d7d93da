-- The segment whose weights and thresholds a lead gets: the first segment rule (priority) that holds.
with

leads as (
    select as_of_date, lead_id, headcount from {{ ref('int_cleansing__leads') }}
),

facts as ( -- noqa: ST03
    select as_of_date, lead_id, tag_group as metric, tag as value_text, cast(null as bigint) as value_number
    from {{ ref('int_tagging__lead_tags') }}
    union all
    select as_of_date, lead_id, 'headcount' as metric, null as value_text, headcount as value_number
    from leads
    where headcount is not null
    union all
    select as_of_date, lead_id, 'always' as metric, null as value_text, null as value_number
    from leads
),

segments as (
    {{ segments_of('facts', 'lead_id') }}
)

select
    as_of_date,
    lead_id,
    segment,
    case when segment = 'b2c' then 'b2c' else 'b2b' end as scope,
    rule_id,
    rule_key
from segments
