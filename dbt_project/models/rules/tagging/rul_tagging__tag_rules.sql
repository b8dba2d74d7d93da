{# Every file of the one tag-rule shape. A new file of that shape is added here and in rul_all_rules. #}
{% set files = [
    ref('rul_tagging__budget_range'),
    ref('rul_tagging__company_standing'),
    ref('rul_tagging__decision_process'),
    ref('rul_tagging__demand_strength'),
    ref('rul_tagging__department'),
    ref('rul_tagging__exclusion'),
    ref('rul_tagging__form_purpose'),
    ref('rul_tagging__industry'),
    ref('rul_tagging__job_level'),
    ref('rul_tagging__mail_domain_kind'),
    ref('rul_tagging__menu_purpose'),
    ref('rul_tagging__pages'),
    ref('rul_tagging__product_interest'),
    ref('rul_tagging__purchase_timeline'),
    ref('rul_tagging__region'),
    ref('rul_tagging__requirements'),
    ref('rul_tagging__revenue_band'),
    ref('rul_tagging__scene_kind'),
    ref('rul_tagging__source_channel'),
] %}

with

{% for file in files %}
rules_{{ loop.index }} as (
    select * from {{ file }}
),

{% endfor %}
{# The list of mail domains is kept once, with cleansing, and tags as well. #}
mail_domains as (
    select
        rule_key,
        rule_id,
        valid_from,
        valid_to,
        status,
        'email_domain' as attribute,
        cast(10 as bigint) as priority,
        'equals' as match_kind,
        domain as argument,
        cast(null as decimal(18, 2)) as range_min,
        cast(null as decimal(18, 2)) as range_max,
        'mail_domain_kind' as tag_group,
        mail_domain_kind as tag,
        label_zh,
        label_en,
        owner,
        why,
        reference
    from {{ ref('rul_cleansing__mail_domains') }}
)

{% for file in files %}
select * from rules_{{ loop.index }}
union all
{% endfor %}
select * from mail_domains
