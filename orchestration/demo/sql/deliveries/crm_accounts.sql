select account_id, account_name, credit_code, website, industry_text as industry, industry_code, headcount, annual_revenue_wan, company_standing as standing, country, province, city, owner_ref as owner,
    coalesce(won_at < getvariable('to_at'), false) as is_customer, is_key_account, strftime(created_at, '%Y-%m-%d %H:%M:%S') as created_time,
    strftime(case when won_at < getvariable('to_at') then won_at else created_at end, '%Y-%m-%d %H:%M:%S') as modified_time
from f_crm_accounts where created_at < getvariable('to_at')
order by created_at, account_id
