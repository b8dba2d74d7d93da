{{ config(schema='action') }}
-- What stops a first-response clock: a person of ours contacts the lead. Automatic replies never do.
select touch_key, lead_id, occurred_at, occurred_on, known_on, channel, touch_type, rep_ref
from {{ ref('fct_touchpoints') }}
where is_response and not is_automatic and lead_id is not null
