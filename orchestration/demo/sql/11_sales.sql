-- From hand-over to won or lost. Whether sales accepts, and whether a deal is won, depends on latent fit and need.
create table handovers as
with talked as (
    select person_no, min(called_at + to_seconds(duration_seconds)) as talked_at
    from calls where outcome in ('connected', 'inbound') and duration_seconds >= 45 group by person_no
),
judged as materialized (
    select p.*, t.talked_at, rnd(p.person_no, 'hand over') as r
    from lead_people p join talked t using (person_no)
    where p.lead_id is not null and p.kind = 'b2b'
),
handed as materialized (
    select *, talked_at + to_seconds(1200 + pick(r, 0, 5000)) as handed_at
    from judged where need + fit // 3 + pick(r, 1, 40) >= 82
),
answered as materialized (
    select h.*, case when pick(r, 2, 100) < 95 then h.handed_at + to_seconds(case when pick(r, 2, 100) < 55 then 900 + pick(r, 3, 9000) else 10000 + pick(r, 3, 180000) end) end as wished_at,
        (need * 2 + fit) // 3 + pick(r, 4, 40) - 20 >= 44 as would_accept
    from handed h
),
timed as (
    select a.*, case when d.is_work and hour(wished_at) between 9 and 18 then wished_at else at_seconds(n.next_work, 33300 + pick(r, 5, 6000)) end as answered_at
    from answered a
    left join days d on d.d = cast(a.wished_at as date)
    left join days n on n.d = day_after(d.d, 1)
)
select * exclude (wished_at, answered_at),
    case when answered_at < cast(day_after(getvariable('last_day'), 1) as timestamp) then answered_at end as answered_at,
    coalesce(answered_at < cast(day_after(getvariable('last_day'), 1) as timestamp), false) and would_accept as is_accepted,
    case when would_accept then null
        when fit < 25 then 'not_target'
        when job_level in ('staff', 'assistant') and pick(r, 6, 100) < 60 then 'wrong_person'
        when need < 50 then ['no_need', 'no_need', 'wrong_timing', 'no_budget', 'chose_competitor', 'unreachable'][1 + pick(r, 7, 6)]
        else ['wrong_timing', 'no_budget', 'no_budget', 'chose_competitor', 'unreachable', 'duplicate', 'invalid_contact', 'wrong_timing'][1 + pick(r, 7, 8)]
    end as reject_reason
from timed where handed_at < cast(day_after(getvariable('last_day'), 1) as timestamp);

create table feedback_generated as
select 'FB' || person_no as feedback_id, answered_at as given_at, lead_id as lead_ref, sales_rep as rep_ref,
    case when is_accepted then 'accepted' else 'rejected' end as outcome,
    case when need >= 68 then 'clear' when need >= 48 then 'partly' else 'unclear' end as intent_clarity,
    case when need >= 76 then 'high' when need >= 52 then 'medium' else 'low' end as urgency,
    case when not is_accepted then reject_reason end as reject_reason,
    case when is_accepted then ['需求明确，安排演示', '客户配合度高', '继续跟进'][1 + pick(r, 0, 3)]
        else ['沟通后暂无合作可能', '客户反馈与线索描述不一致', '建议放回培育'][1 + pick(r, 0, 3)] end as comment
from handovers where answered_at is not null;

create table deals as
with opened as materialized (
    select h.person_no, h.account_id, h.lead_id, h.sales_rep, h.product_zh, h.need, h.fit, h.headcount, h.list_price_wan, h.account_name, rnd(h.person_no, 'deal') as r,
        at_seconds(d.next_work, office_seconds(rnd(h.person_no, 'deal'), 0)) as opened_at
    from handovers h join days d on d.d = day_after(cast(h.answered_at as date), 3 + pick(rnd(h.person_no, 'deal'), 1, 22))
    where h.is_accepted and pick(rnd(h.person_no, 'deal'), 2, 100) < 20 + need * 2 // 3
),
planned as materialized (
    select *, opened_at + to_days(cast(7 + pick(r, 3, 30) as integer)) as proposal_at,
        opened_at + to_days(cast(37 + pick(r, 4, 40) as integer)) as negotiation_at,
        opened_at + to_days(cast(70 + pick(r, 5, 70) as integer)) as won_at,
        opened_at + to_days(cast(20 + pick(r, 6, 110) as integer)) as lost_at,
        need + fit + pick(r, 7, 60) >= 148 as wins,
        pick(rnd(r, 'stall'), 0, 100) < 14 as stalls,
        list_price_wan * (70 + pick(rnd(r, 'amount'), 0, 60) + least(200, coalesce(headcount, 50) // 12)) // 100 as amount_wan
    from opened
)
select *, 'O' || lpad(cast(row_number() over (order by opened_at, person_no) as varchar), 6, '0') as opportunity_id,
    case when stalls then null when wins then won_at else lost_at end as closed_at
from planned where opened_at < cast(day_after(getvariable('last_day'), 1) as timestamp);

-- Meetings and mails of the sales reps.
create table meetings as
with met as materialized (
    select h.person_no, h.sales_rep, h.need, h.language, m, rnd(h.person_no || ':' || m, 'meeting') as r, cast(h.answered_at as date) as from_on
    from (select *, unnest(generate_series(1, 1 + pick(r, 0, 3))) as m from handovers where is_accepted) h
),
dated as (
    select t.*, at_seconds(d.next_work, 34200 + 1800 * pick(r, 1, 16)) as met_at
    from met t join days d on d.d = day_after(t.from_on, 2 + t.m * (4 + pick(t.r, 0, 12)))
)
select 'M' || person_no || '-' || m as activity_id, person_no, sales_rep as rep_ref, met_at, r, need,
    case when pick(r, 2, 100) < 6 then 'cancelled_by_customer' when pick(r, 2, 100) < 10 then 'no_show'
        when m > 1 and pick(r, 3, 100) < 45 then 'onsite_held' else 'online_held' end as outcome,
    1800 + 300 * pick(r, 4, 18) as duration_seconds
from dated where met_at < cast(day_after(getvariable('last_day'), 1) as timestamp);

create table rep_messages as
with sent as materialized (
    select h.person_no, h.sales_rep, h.need, k, rnd(h.person_no || ':' || k, 'rep mail') as r, h.answered_at
    from (select *, unnest(generate_series(1, 1 + pick(r, 1, 3))) as k from handovers where is_accepted) h
)
select 'E' || s.person_no || '-' || k as activity_id, s.person_no, s.sales_rep as rep_ref,
    case when pick(r, 0, 100) < 70 then 'email' else 'wecom_message' end as activity_type,
    case when pick(r, 1, 100) < 10 + s.need // 4 then 'inbound' else 'sent' end as outcome,
    at_seconds(d.next_work, office_seconds(r, 2)) as sent_at
from sent s join days d on d.d = day_after(cast(s.answered_at as date), k * (1 + pick(s.r, 3, 12)))
where at_seconds(d.next_work, office_seconds(r, 2)) < cast(day_after(getvariable('last_day'), 1) as timestamp);

create table customer_events_generated as
with won as (select *, rnd(person_no, 'customer') as c from deals where wins and not stalls and won_at < cast(day_after(getvariable('last_day'), 1) as timestamp)),
everything as (
    select 'order' as event_type, person_no, won_at + to_hours(2) as occurred_at, amount_wan, null as score, null as note from won
    union all select 'onboarding_done', person_no, won_at + to_days(cast(25 + pick(c, 0, 20) as integer)), null, null, '上线验收' from won
    union all select 'nps_answered', person_no, won_at + to_days(cast(70 + pick(c, 1, 40) as integer)), null, least(10, 4 + fit // 20 + pick(c, 2, 3)), null from won
    union all select 'support_ticket', person_no, won_at + to_days(cast(30 + pick(c, 3, 90) as integer)), null, null, ['登录问题', '接口报错', '报表导出慢'][1 + pick(c, 4, 3)] from won where pick(c, 5, 100) < 60
    union all select 'renewal_or_expansion_talk', person_no, won_at + to_days(cast(150 + pick(c, 6, 120) as integer)), null, null, '增购沟通' from won where pick(c, 7, 100) < 45
)
select 'CE' || person_no || '-' || event_type as event_id, occurred_at, event_type, person_no, amount_wan, score, note
from everything where occurred_at < cast(day_after(getvariable('last_day'), 1) as timestamp);

create table operations_generated as
select 'OP' || person_no || '-h' as operation_id, handed_at as operated_at, 'hand_over' as operation, lead_id as lead_ref, sdr_rep as operated_by, sales_rep as argument, '达到交接标准' as reason
from handovers
union all
select 'OP' || person_no || '-a', answered_at, 'accept', lead_id, sales_rep, sales_rep, '接受跟进' from handovers where is_accepted
union all
select 'OP' || person_no || '-r', answered_at + to_seconds(600), 'recycle', lead_id, case sales_rep when 'R-50' then 'R-10' else 'R-01' end, null, reject_reason
from handovers where answered_at is not null and not is_accepted and reject_reason in ('no_need', 'no_budget', 'wrong_timing', 'unreachable')
union all
select 'OP' || person_no || '-s', created_at + to_hours(26), 'suppress', lead_id, 'R-01', null, '竞争对手' from lead_people where kind = 'competitor' and lead_id is not null
union all
select 'OP' || person_no || '-g', created_at + to_seconds(1500), 'assign', lead_id, 'R-01', sdr_rep, '按区域指派'
from lead_people where lead_id is not null and pick(record_draw, 5, 100) < 12;
delete from operations_generated where operated_at >= day_after(getvariable('last_day'), 1);
