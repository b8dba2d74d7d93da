select feedback_id as "反馈编号", coalesce(given_text, strftime(given_at, '%Y-%m-%d %H:%M:%S')) as "反馈时间", lead_ref as "线索编号", rep_ref as "销售",
    case outcome when 'accepted' then '接受' when 'rejected' then '退回' else outcome end as "结果",
    case intent_clarity when 'clear' then '明确' when 'partly' then '一般' when 'unclear' then '不明' end as "意向明确度",
    case urgency when 'high' then '迫切' when 'medium' then '一般' when 'low' then '不急' end as "迫切性",
    case reject_reason when 'no_need' then '无需求' when 'no_budget' then '无预算' when 'wrong_timing' then '时机未到' when 'wrong_person' then '非负责人' when 'unreachable' then '联系不上'
        when 'chose_competitor' then '已选竞品' when 'not_target' then '非目标客户' when 'invalid_contact' then '信息无效' when 'duplicate' then '重复线索' else reject_reason end as "退回原因", comment as "说明"
from f_sales_feedback where given_at >= getvariable('from_at') and given_at < getvariable('to_at') order by given_at, feedback_id
