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
    {% for field, condition in [
        ('person_name', 'leads.person_name is not null'),
        ('company_name', 'leads.company_name is not null'),
        ('mobile_or_wecom', 'leads.mobile is not null or wechat_leads.lead_id is not null'),
        ('email', 'leads.email is not null'),
        ('job_title', 'leads.job_title is not null'),
        ('province', 'leads.province is not null or leads.city is not null'),
        ('decision_process', 'leads.decision_process_text is not null'),
        ('source_channel', 'leads.source_channel_text is not null'),
    ] %}
    select leads.as_of_date, leads.lead_id, '{{ field }}' as field
    from leads
    left join wechat_leads on leads.as_of_date = wechat_leads.as_of_date and leads.lead_id = wechat_leads.lead_id
    where {{ condition }}
    union all
    {% endfor %}
    select as_of_date, lead_id, tag_group as field
    from tag_groups
    where tag_group in ('industry', 'company_size', 'product_interest', 'budget_range', 'purchase_timeline')
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
