{{ config(materialized='view') }}
-- Every point of every dimension before full marks and weights.
select
    as_of_date, state, lead_id, 'engagement' as dimension, kind, rule_id, rule_key,
    cast(touches as bigint) as touches, cast(points_milli as bigint) as points_milli, last_occurred_on
from {{ ref('int_scoring__engagement_points') }}

union all

select
    as_of_date, state, lead_id, 'engagement' as dimension, kind, rule_id, rule_key,
    cast(0 as bigint) as touches, cast(points_milli as bigint) as points_milli, last_occurred_on
from {{ ref('int_scoring__pattern_points') }}

union all

select
    as_of_date, state, lead_id, 'fit' as dimension, kind, rule_id, rule_key,
    cast(0 as bigint) as touches, cast(points_milli as bigint) as points_milli, cast(null as date) as last_occurred_on
from {{ ref('int_scoring__fit_points') }}

union all

select
    as_of_date, state, lead_id, 'need' as dimension, kind, rule_id, rule_key,
    cast(touches as bigint) as touches, cast(points_milli as bigint) as points_milli, last_occurred_on
from {{ ref('int_scoring__need_points') }}
