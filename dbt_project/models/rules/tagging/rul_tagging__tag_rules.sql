{# Every file of the one tag-rule shape; a new one is added here and nowhere else. #}
{% set files = [
    ref('rule_tagging__budget_range'),
    ref('rule_tagging__company_standing'),
    ref('rule_tagging__decision_process'),
    ref('rule_tagging__demand_strength'),
    ref('rule_tagging__department'),
    ref('rule_tagging__exclusion'),
    ref('rule_tagging__form_purpose'),
    ref('rule_tagging__industry'),
    ref('rule_tagging__job_level'),
    ref('rule_tagging__mail_domain_kind'),
    ref('rule_tagging__menu_purpose'),
    ref('rule_tagging__pages'),
    ref('rule_tagging__product_interest'),
    ref('rule_tagging__purchase_timeline'),
    ref('rule_tagging__region'),
    ref('rule_tagging__requirements'),
    ref('rule_tagging__revenue_band'),
    ref('rule_tagging__scene_kind'),
    ref('rule_tagging__source_channel'),
] %}
{% set shape = ['attribute', 'priority', 'match_kind', 'argument', 'range_min', 'range_max', 'tag_group', 'tag'] %}
{% set described_by = ['label_zh', 'label_en', 'owner', 'why', 'reference'] %}

with

rows_of_files as (  -- noqa: ST03
    {% for file in files %}
    select
        '{{ file.identifier }}' as rule_file, rule_id, valid_from, status,
        {{ (shape + described_by) | join(', ') }}
    from {{ file }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

versions as (
    {{ rule_versions('rows_of_files', ['rule_file'] + shape) }}
)

select
    rule_file, rule_key, rule_id, valid_from, valid_to, status,
    {{ (shape + described_by) | join(', ') }}
from versions

union all

-- The list of mail domains is kept once, with cleansing, and tags as well.
select
    'rule_cleansing__mail_domains' as rule_file, rule_key, rule_id, valid_from, valid_to, status,
    'email_domain' as attribute, cast(10 as bigint) as priority, 'equals' as match_kind, domain as argument,
    cast(null as decimal(18, 2)) as range_min, cast(null as decimal(18, 2)) as range_max,
    'mail_domain_kind' as tag_group, mail_domain_kind as tag,
    {{ described_by | join(', ') }}
from {{ ref('rul_cleansing__mail_domains') }}
