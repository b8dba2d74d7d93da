{# The statistical size of companies (国统字[2017]213号): the largest class whose every known measure is reached; the
   classes of its own sector come before those for any sector (priority).
   companies: a relation with as_of_date, thing, industry_code, headcount, annual_revenue_wan, assets_wan; tags: one with the
   tags of the same things; thing: their column of ids. #}
{% macro company_sizes(companies, tags, thing) %}
with

measures as (
    select as_of_date, {{ thing }}, industry_code, headcount, annual_revenue_wan, assets_wan
    from {{ companies }}
    where coalesce(headcount, annual_revenue_wan, assets_wan) is not null
),

industry_tags as (
    select as_of_date, {{ thing }}, tag as industry_tag
    from {{ tags }}
    where tag_group = 'industry'
),

sectors as (
    select
        measures.*,
        coalesce(
            case when {{ regex_matches('lower(measures.industry_code)', "'^[a-t]'") }} then lower(measures.industry_code) end,
            substr(industry_tags.industry_tag, 4),
            'any'
        ) as sector_code
    from measures
    left join industry_tags
        on measures.as_of_date = industry_tags.as_of_date and measures.{{ thing }} = industry_tags.{{ thing }}
),

rules as (
    select * from {{ ref('rul_tagging__company_size') }}
),

rules_by_code as (
    select rules.*, codes.sector_prefix
    from rules, {{ split_rows('rules.industry_codes', "'|'") }} as codes(sector_prefix)
),

-- Once for each code instead of for each company.
rules_of_sectors as (
    select codes.sector_code, rules.*
    from (select distinct sector_code from sectors) as codes
    inner join rules_by_code as rules
        on codes.sector_code like rules.sector_prefix || '%' or rules.sector_prefix = 'any'
),

matched as (
    select
        sectors.as_of_date,
        sectors.{{ thing }},
        rules.company_size,
        rules.rule_id,
        rules.rule_key,
        rules.priority,
        (rules.headcount_min is not null and sectors.headcount is not null)
        or (rules.revenue_wan_min is not null and sectors.annual_revenue_wan is not null)
        or (rules.assets_wan_min is not null and sectors.assets_wan is not null) as is_measurable,
        coalesce(sectors.headcount >= rules.headcount_min, true)
        and coalesce(sectors.annual_revenue_wan >= rules.revenue_wan_min, true)
        and coalesce(sectors.assets_wan >= rules.assets_wan_min, true) as is_reached
    from sectors
    inner join rules_of_sectors as rules
        on
            sectors.sector_code = rules.sector_code
            and {{ active_on('rules', 'sectors.as_of_date') }}
),

ranked as (
    select
        matched.*,
        row_number() over (
            partition by as_of_date, {{ thing }}
            order by priority, rule_id
        ) as size_rank
    from matched
    where is_measurable and is_reached
)

select as_of_date, {{ thing }}, 'company_size' as tag_group, company_size as tag, rule_id, rule_key
from ranked
where size_rank = 1
{% endmacro %}
