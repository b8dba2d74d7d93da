with

rules as (
    select * from {{ ref('rul_cleansing__automatic_touches') }}
),

events_with_agent as (
    {% for touch_view in ['int_cleansing__web_touches', 'int_cleansing__message_touches'] %}
    select feed, delivery_id, delivery_row, known_at, event_type, user_agent, is_auto_reply
    from {{ ref(touch_view) }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

agents as (
    select distinct user_agent
    from events_with_agent
    where user_agent is not null
),

-- A join on patterns is fine here: distinct user agents are few, and so are the rules.
automatic_agents as (
    select agents.user_agent, rules.rule_key, rules.status, rules.valid_from, rules.valid_to
    from agents
    inner join rules
        on rules.check_kind = 'user_agent' and {{ regex_matches('lower(agents.user_agent)', 'rules.argument') }}
),

contacts as (
    {% for touch_view in touch_views() %}
    select feed, delivery_id, delivery_row, known_at, email, phone
    from {{ ref(touch_view) }}
    where email is not null or phone is not null
    {{ "union all" if not loop.last }}
    {% endfor %}
),

stated_keys as (
    select feed, delivery_id, delivery_row, known_at, {{ identity_key('email', normal_email('email')) }} as key_key
    from contacts
    where email is not null
    union all
    select
        feed, delivery_id, delivery_row, known_at,
        {{ identity_key('email_domain', email_domain(normal_email('email'))) }}
    from contacts
    where email is not null
    union all
    select feed, delivery_id, delivery_row, known_at, {{ identity_key('mobile', normal_mobile('phone')) }}
    from contacts
    where phone is not null
),

mail_domains as (
    select *, {{ identity_key('email_domain', 'domain') }} as key_key
    from {{ ref('rul_cleansing__mail_domains') }}
),

found as (
    select events.feed, events.delivery_id, events.delivery_row, agents.rule_key
    from events_with_agent as events
    inner join automatic_agents as agents
        on
            events.user_agent = agents.user_agent
            and {{ active_on('agents', knowledge_date('events.known_at')) }}
    union all
    select events.feed, events.delivery_id, events.delivery_row, rules.rule_key
    from events_with_agent as events
    inner join rules
        on
            rules.check_kind = 'auto_reply'
            and events.event_type = rules.argument
            and {{ active_on('rules', knowledge_date('events.known_at')) }}
    where events.is_auto_reply
    union all
    select stated_keys.feed, stated_keys.delivery_id, stated_keys.delivery_row, staff.rule_key
    from stated_keys
    inner join {{ ref('int_cleansing__staff_keys') }} as staff
        on
            stated_keys.key_key = staff.key_key
            and staff.known_on <= {{ knowledge_date('stated_keys.known_at') }}
            and {{ active_on('staff', knowledge_date('stated_keys.known_at')) }}
    -- A rep with a public mailbox does not make everybody with such a mailbox one of us.
    left join mail_domains
        on
            staff.is_domain_of_a_rep
            and staff.key_key = mail_domains.key_key
            and {{ active_on('mail_domains', knowledge_date('stated_keys.known_at')) }}
    where mail_domains.key_key is null
    union all
    select feed, delivery_id, delivery_row, rule_key
    from {{ ref('int_cleansing__click_bursts') }}
    union all
    select feed, delivery_id, delivery_row, rule_key
    from {{ ref('int_cleansing__double_events') }}
)

select
    feed,
    delivery_id,
    delivery_row,
    min(rule_key) as rule_key
from found
group by feed, delivery_id, delivery_row
