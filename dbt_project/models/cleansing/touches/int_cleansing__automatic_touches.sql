with

events as (
    select * from {{ ref('int_cleansing__touch_events') }}
),

rules as (
    select * from {{ ref('rul_cleansing__automatic_touches') }}
),

agents as (
    select distinct user_agent
    from events
    where user_agent is not null
),

-- A join on patterns is fine here: distinct user agents are few, and so are the rules.
automatic_agents as (
    select agents.user_agent, rules.rule_key, rules.status, rules.valid_from, rules.valid_to
    from agents
    inner join rules
        on rules.check_kind = 'user_agent' and {{ regex_matches('lower(agents.user_agent)', 'rules.argument') }}
),

staff as (
    select * from {{ ref('int_cleansing__staff_keys') }}
),

found as (
    select events.feed, events.delivery_id, events.delivery_row, automatic_agents.rule_key
    from events
    inner join automatic_agents
        on events.user_agent = automatic_agents.user_agent and {{ active_on('automatic_agents', 'events.known_on') }}
    union all
    select events.feed, events.delivery_id, events.delivery_row, rules.rule_key
    from events
    inner join rules
        on
            rules.check_kind = 'auto_reply'
            and events.event_type = rules.argument
            and {{ active_on('rules', 'events.known_on') }}
    where events.is_auto_reply
    union all
    select events.feed, events.delivery_id, events.delivery_row, staff.rule_key
    from events
    inner join staff
        on
            events.email_key = staff.key_key
            and staff.known_on <= events.known_on
            and {{ active_on('staff', 'events.known_on') }}
    union all
    select events.feed, events.delivery_id, events.delivery_row, staff.rule_key
    from events
    inner join staff
        on
            events.mobile_key = staff.key_key
            and staff.known_on <= events.known_on
            and {{ active_on('staff', 'events.known_on') }}
    union all
    select events.feed, events.delivery_id, events.delivery_row, staff.rule_key
    from events
    inner join staff
        on
            {{ identity_key('email_domain', email_domain('events.email_key')) }} = staff.key_key
            and staff.known_on <= events.known_on
            and {{ active_on('staff', 'events.known_on') }}
    union all
    select feed, delivery_id, delivery_row, rule_key
    from {{ ref('int_cleansing__click_bursts') }}
)

select
    feed,
    delivery_id,
    delivery_row,
    min(rule_key) as rule_key
from found
group by feed, delivery_id, delivery_row
