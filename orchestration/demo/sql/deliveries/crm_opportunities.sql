with staged as (
    select *, case when closed_at < getvariable('to_at') then case when wins then '赢单' else '输单' end when fixed_stage is not null then fixed_stage
            when negotiation_at < getvariable('to_at') then '商务谈判' when proposal_at < getvariable('to_at') then '方案报价' else '初步接触' end as stage,
        case when closed_at < getvariable('to_at') then closed_at when fixed_stage is not null then opened_at
            when negotiation_at < getvariable('to_at') then negotiation_at when proposal_at < getvariable('to_at') then proposal_at else opened_at end as stage_at
    from f_crm_opportunities where opened_at < getvariable('to_at')
)
select opportunity_id as "商机编号", opportunity_name as "商机名称", lead_ref as "线索编号", contact_ref as "联系人编号", account_ref as "客户编号", stage as "阶段",
    amount_wan as "预计金额(万元)", coalesce(fixed_probability, case stage when '赢单' then 100 when '输单' then 0 when '商务谈判' then 70 when '方案报价' then 40 else 20 end) as "赢率(%)",
    product as "产品", owner_ref as "负责人", case stage when '输单' then lost_reason end as "输单原因", strftime(opened_at, '%Y-%m-%d %H:%M:%S') as "创建时间",
    strftime(stage_at, '%Y-%m-%d %H:%M:%S') as "阶段变更时间", case when stage in ('赢单', '输单') then strftime(closed_at, '%Y-%m-%d %H:%M:%S') end as "结束时间",
    strftime(stage_at, '%Y-%m-%d %H:%M:%S') as "更新时间"
from staged order by opened_at, opportunity_id
