select registry_id as "主键", company_name as "企业名称", credit_code as "统一社会信用代码", industry_code as "行业代码", industry_text as "国标行业", headcount as "参保人数", annual_revenue_wan as "营业收入(万元)",
    assets_wan as "资产总额(万元)", company_standing as "资质", registry_status as "登记状态", website as "官网", province as "省份", city as "城市", strftime(checked_at, '%Y/%m/%d %H:%M') as "查询时间"
from f_company_registry where checked_at >= getvariable('from_at') and checked_at < getvariable('to_at') order by checked_at, registry_id
