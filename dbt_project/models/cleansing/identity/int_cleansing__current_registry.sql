-- What the company registry says about a company at a day-end: the newest look-up per normalised name.
with

visible_lookups as (
    select
        day_ends.as_of_date,
        registry.*,
        {{ company_key('registry.company_name', 'day_ends.as_of_date') }} as company_key,
        {{ company_key('registry.parent_company_name', 'day_ends.as_of_date') }} as parent_company_key,
        {{ web_domain('registry.website') }} as website_domain
    from {{ ref('stg_registry__companies') }} as registry
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends on registry.known_on <= day_ends.as_of_date
),

ranked_lookups as (
    select
        visible_lookups.*,
        row_number() over (
            partition by as_of_date, company_key
            order by known_at desc, record_key asc, delivery_id desc, delivery_row desc
        ) as lookup_rank,
        min(known_at) over (partition by as_of_date, company_key) as first_known_at
    from visible_lookups
    where company_key is not null and not is_deleted
)

select * from ranked_lookups
where lookup_rank = 1
