{#- These are known by the tag that their columns gave: what no rule understands is not known. -#}
{% set known_by_tag = ['industry', 'company_size', 'product_interest', 'budget_range', 'purchase_timeline'] %}

-- Which fields of the intake standard are known of a lead at a day-end (R02, R05).
with

leads as (
    select * from {{ ref('int_cleansing__leads') }}
),

wechat_leads as (
    select distinct as_of_date, lead_id
    from {{ ref('int_cleansing__key_owners') }}
    where key_key like 'openid|%' or key_key like 'unionid|%' or key_key like 'external_userid|%'
),

tag_groups as (
    select distinct as_of_date, lead_id, tag_group from {{ ref('int_tagging__lead_tags') }}
),

known_fields as (
    {% for field, columns in intake_fields().items() if field not in known_by_tag %}
    select leads.as_of_date, leads.lead_id, '{{ field }}' as field
    from leads
    left join wechat_leads on leads.as_of_date = wechat_leads.as_of_date and leads.lead_id = wechat_leads.lead_id
    where
        {% for column in columns %}
        leads.{{ column }} is not null{{ ' or' if not loop.last }}
        {% endfor %}
        {% if field == 'mobile_or_wecom' %}
        or wechat_leads.lead_id is not null
        {% endif %}
    union all
    {% endfor %}
    select as_of_date, lead_id, tag_group as field
    from tag_groups
    where tag_group in ('{{ known_by_tag | join("', '") }}')
),

rules as (
    select * from {{ ref('rul_cleansing__completeness') }}
)

select
    leads.as_of_date,
    leads.lead_id,
    rules.field,
    rules.required_for,
    rules.weight,
    rules.ask_order,
    rules.rule_key,
    known_fields.field is not null as is_known
from leads
inner join rules on {{ active_on('rules', 'leads.as_of_date') }}
left join known_fields
    on
        leads.as_of_date = known_fields.as_of_date
        and leads.lead_id = known_fields.lead_id
        and rules.field = known_fields.field
