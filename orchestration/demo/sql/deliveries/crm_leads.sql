-- 线索导出: the state of every lead on the evening of the day; the headers are those of the CRM, two have no home in the contract.
with shown as (
    select *, list_max(list_filter(
            [created_at, assigned_at, called_at, reached_at, handed_at, answered_at, opened_at, closed_at, opted_out_at, no_call_at, merged_at, status_at,
             case when reverted_title is not null then at_seconds(day_after(getvariable('last_day'), -6), 43200) end,
             case when reverted_title is not null then at_seconds(day_after(getvariable('last_day'), -3), 43200) end],
            lambda t: t < getvariable('to_at'))) as changed_at
    from f_crm_leads
    where created_at < getvariable('to_at') and (deleted_at is null or deleted_at >= getvariable('to_at'))
      and (only_on is null or only_on = cast(getvariable('to_at') as date) - 1)
)
select lead_id as "线索编号", person_name as "姓名", company_name as "公司名称",
    case when reverted_title is not null and getvariable('to_at') > at_seconds(day_after(getvariable('last_day'), -6), 43200)
            and getvariable('to_at') <= at_seconds(day_after(getvariable('last_day'), -3), 43200) then reverted_title else job_title end as "职位",
    department as "部门", email as "邮箱", phone as "电话", mobile as "手机", wechat_account_id as "公众号", openid as "OpenID", unionid as "UnionID",
    corp_id as "企业ID", external_userid as "外部联系人ID", visitor_id as "访客ID", website as "网址", country as "国家", province as "省份", city as "城市",
    industry_text as "行业", industry_code as "行业代码",
    coalesce(headcount_text, cast(case when reached_at < getvariable('to_at') and person_no % 2 = 0 then headcount_asked else headcount end as varchar)) as "员工人数",
    annual_revenue_wan as "年营收(万元)", company_standing as "企业资质", product_interest as "意向产品",
    coalesce(budget_wan, case when reached_at < getvariable('to_at') then budget_asked end) as "预算(万元)",
    coalesce(purchase_timeline, case when reached_at < getvariable('to_at') then timeline_asked end) as "采购时间",
    coalesce(decision_process, case when reached_at < getvariable('to_at') then process_asked end) as "决策流程",
    need_description as "需求描述", source_channel as "线索来源", source_detail as "来源明细", campaign_ref as "市场活动",
    case when is_accepted and answered_at < getvariable('to_at') then sales_rep when assigned_at < getvariable('to_at') then sdr_rep end as "负责人", account_ref as "客户编号",
    coalesce(case when status_at < getvariable('to_at') then status_text end,
        case when merged_at < getvariable('to_at') then '已合并' when closed_at < getvariable('to_at') and wins then '已成交' when opened_at < getvariable('to_at') then '已转化'
            when answered_at < getvariable('to_at') and is_accepted then '销售跟进' when answered_at < getvariable('to_at') then '已退回' when handed_at < getvariable('to_at') then '已交接'
            when called_at < getvariable('to_at') then '跟进中' else '新线索' end) as "线索状态",
    case when merged_at < getvariable('to_at') then merged_into_ref end as "合并到",
    case when opted_out_at < getvariable('to_at') then '是' else '否' end as "邮件退订", case when no_call_at < getvariable('to_at') then '是' else '否' end as "勿打电话",
    note as "备注", customer_level as "客户级别", sdr_rep as "协作人",
    coalesce(created_text, strftime(created_at, '%Y-%m-%d %H:%M:%S')) as "创建时间", coalesce(modified_text, strftime(changed_at, '%Y-%m-%d %H:%M:%S')) as "更新时间"
from shown
order by created_at, lead_id, person_name
