-- The English site exports day before month: 03/04/2026 is the third of April.
select submission_id as "Submission ID", strftime(submitted_at, '%d/%m/%Y %H:%M') as "Submitted", form_name as "Form", visitor_id as "Visitor ID", email as "Email", phone as "Phone",
    person_name as "Full name", company_name as "Company", job_title as "Job title", department as "Department", industry_text as "Industry", headcount as "Employees", product_interest as "Product",
    budget_wan as "Budget (10k CNY)", purchase_timeline as "Timeline", message as "Message", content_ref as "Asset", case when page_url like '%.example/en/%' then page_url else replace(page_url, '.example/', '.example/en/') end as "Page", campaign_ref as "Campaign", case when consent_given then 'yes' else 'no' end as "Consent"
from f_form_submissions
where language = 'en' and submitted_at >= getvariable('from_at') and submitted_at < getvariable('to_at')
order by submitted_at, submission_id
