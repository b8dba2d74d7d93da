select lead_id as "编号", lead_name as "线索名称", company_text as "公司名称", source_channel as "线索来源", phone as "电话", mobile as "手机", industry_text as "客户行业", customer_level as "客户级别",
    address as "地址", null as "下次联系时间", note as "备注", owner_name as "负责人", '系统' as "创建人",
    strftime(created_at, '%Y-%m-%d %H:%M:%S') as "创建时间", strftime(case when called_at < getvariable('to_at') then greatest(called_at, created_at) else created_at end, '%Y-%m-%d %H:%M:%S') as "更新时间"
from f_wukong_leads where created_at < getvariable('to_at')
order by created_at, lead_id
