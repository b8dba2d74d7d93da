with

stated as (
    select
        *,
        {{ normal_email('email') }} as normal_email,
        {{ normal_phone('phone') }} as normal_phone,
        {{ normal_phone('mobile') }} as normal_mobile
    from {{ ref('int_cleansing__stated_persons') }}
),

-- A number in the mobile column is a mobile unless its numbering plan says landline; one in the phone column only
-- when its numbering plan says so.
contactable as (
    select
        *,
        coalesce(
            case when {{ is_mobile_number('normal_mobile') }} or normal_mobile not like '+86%' then normal_mobile end,
            case when {{ is_mobile_number('normal_phone') }} then normal_phone end
        ) as reachable_mobile
    from stated
),

-- What the texts name; an address in one of the two columns may name province and city.
comparable as (
    select
        *,
        lower({{ simplified('province') }}) as province_text,
        lower({{ simplified('city') }}) as city_text
    from contactable
),

provinces_named as (
    select
        *,
        {{ place_in('province_text', 'province') }} as province_spelling,
        case when province is null then {{ place_in('city_text', 'province') }} end as province_in_city
    from comparable
),

spelled as (
    select
        *,
        {{ place_in("coalesce(city_text, replace(province_text, province_spelling, ''))", 'city') }} as city_spelling
    from provinces_named
),

-- Places in the spelling of the rules (version of the day the record became known); the province follows from the
-- city where nobody gave it, unknown places stay as given.
provinces as (
    select * from {{ ref('int_cleansing__place_spellings') }}
    where place_kind = 'province'
),

cities as (
    select * from {{ ref('int_cleansing__place_spellings') }}
    where place_kind = 'city'
),

placed as (
    select
        spelled.*,
        coalesce(spelled.country, provinces.country, cities.country) as normal_country,
        coalesce(provinces.province, spelled.province, cities.province) as normal_province,
        coalesce(
            cities.city,
            case when spelled.province_in_city is not null then provinces.city end,
            spelled.city,
            provinces.city
        ) as normal_city
    from spelled
    left join provinces
        on
            coalesce(spelled.province_spelling, spelled.province_in_city) = provinces.spelling
            and {{ active_on('provinces', 'spelled.known_on') }}
    left join cities
        on
            spelled.city_spelling = cities.spelling
            and {{ active_on('cities', 'spelled.known_on') }}
            and (
                cities.province = provinces.province
                or (provinces.province is null and spelled.province is null and cities.names_one_city)
            )
)

select
    feed || '|' || record_key as node_key,
    feed,
    record_key,
    delivery_id,
    delivery_row,
    source_system,
    ref_system,
    known_on,
    known_at,
    occurred_on,
    occurred_at,
    modified_at,
    is_deleted,
    person_name,
    company_name,
    job_title,
    department,
    normal_email as email,
    coalesce(normal_phone, normal_mobile) as phone,
    reachable_mobile as mobile,
    email as email_raw,
    phone as phone_raw,
    mobile as mobile_raw,
    {{ email_domain('normal_email') }} as email_domain,
    {{ web_domain('website') }} as website_domain,
    normal_country as country,
    normal_province as province,
    normal_city as city,
    industry_text,
    industry_code,
    headcount,
    annual_revenue_wan,
    company_standing_text,
    product_interest_text,
    budget_wan,
    purchase_timeline_text,
    decision_process_text,
    need_text,
    source_channel_text,
    campaign_ref,
    owner_ref,
    account_ref,
    crm_status,
    email_opt_out,
    do_not_call,
    wechat_account_id,
    openid,
    unionid,
    corp_id,
    external_userid,
    visitor_id,
    crm_lead_id,
    related_lead_ref,
    crm_contact_id,
    custom_attributes
from placed
