-- The version of each CRM account that a day-end sees, under the key of its normalised name.
with

visible_versions as (
    select
        day_ends.as_of_date,
        accounts.*,
        {{ company_key('accounts.account_name', 'day_ends.as_of_date') }} as company_key,
        row_number() over (
            partition by day_ends.as_of_date, accounts.record_key
            order by accounts.known_at desc, accounts.delivery_id desc, accounts.delivery_row desc
        ) as version_rank,
        min(accounts.known_at) over (partition by day_ends.as_of_date, accounts.record_key) as first_known_at
    from {{ ref('stg_crm__accounts') }} as accounts
    inner join {{ ref('int_cleansing__day_ends') }} as day_ends on accounts.known_on <= day_ends.as_of_date
)

select * from visible_versions
where version_rank = 1 and not is_deleted and company_key is not null
