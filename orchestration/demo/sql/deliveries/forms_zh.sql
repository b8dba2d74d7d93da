select submission_id as "提交编号", strftime(submitted_at, '%Y/%m/%d %H:%M:%S') as "提交时间", form_name as "表单名称", form_purpose as "表单用途", visitor_id as "访客ID", email as "邮箱", phone as "电话",
    wechat_account_id as "公众号", openid as "OpenID", unionid as "UnionID", person_name as "姓名", company_name as "公司", job_title as "职位", department as "部门", province as "省份", city as "城市",
    industry_text as "行业", headcount as "人数", product_interest as "意向产品", budget_wan as "预算(万元)", purchase_timeline as "采购时间", message as "留言", content_ref as "资料编号", page_url as "页面",
    campaign_ref as "活动编号", utm_source, utm_medium, utm_content, case when consent_given then '是' else '否' end as "同意联系"
from f_form_submissions
where language = 'zh' and coalesce(deliver_at, submitted_at) >= getvariable('from_at') and coalesce(deliver_at, submitted_at) < getvariable('to_at')
order by submitted_at, submission_id
