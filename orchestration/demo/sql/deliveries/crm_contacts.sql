select contact_id, person_name, company_name, job_title, department, account_ref, lead_ref, email, phone, mobile, corp_id, external_userid, decision_role, owner_ref,
    coalesce(opted_out_at < getvariable('to_at'), false) as email_opt_out, coalesce(no_call_at < getvariable('to_at'), false) as do_not_call,
    strftime(created_at, '%Y-%m-%d %H:%M:%S') as created_at, strftime(created_at, '%Y-%m-%d %H:%M:%S') as modified_at
from f_crm_contacts where created_at < getvariable('to_at')
order by created_at, contact_id
