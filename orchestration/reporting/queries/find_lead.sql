-- Leads that a person may mean by one key; the smallest match_order of the answer is the strongest kind of key.
with wanted as (
    select
        trim($lead) as given,
        lower(trim($lead)) as lowered,
        substr(md5(trim($lead)), 1, 12) as hashed,
        regexp_replace($lead, '[^0-9]', '', 'g') as digits
),

matches as (
    select 1 as match_order, 'lead_id' as matched_by, l.lead_id
    from marts.dim_leads as l, wanted as w
    where lower(l.lead_id) = w.lowered

    union all
    select 2, 'former_lead_id', a.lead_id
    from marts.dim_lead_aliases as a, wanted as w
    where lower(a.former_lead_id) = w.lowered

    union all
    select 3, 'email', l.lead_id
    from marts.dim_leads as l, wanted as w
    where lower(l.email) = w.lowered

    union all
    -- A mobile is stored as E.164; people type it with or without the Chinese country code.
    select 4, 'mobile', l.lead_id
    from marts.dim_leads as l, wanted as w
    where
        length(w.digits) >= 7
        and regexp_replace(l.mobile, '[^0-9]', '', 'g') in (w.digits, '86' || w.digits)
        and not regexp_matches(w.lowered, '[a-z]')

    union all
    -- A record key may carry the name of its system in front: <system>:<id>.
    select 5, 'source_id', a.lead_id
    from marts.dim_lead_aliases as a, wanted as w
    where lower(a.record_key) = w.lowered or ends_with(lower(a.record_key), ':' || w.lowered)

    union all
    -- An id that only events know stands in their key: <kind>|<id> or <kind>|<system>:<id>, a WeChat id as its hash.
    select 5, 'source_id', t.lead_id
    from marts.fct_touchpoints as t, wanted as w
    where
        t.lead_id is not null
        and (
            lower(t.record_key) = w.lowered
            or ends_with(lower(t.subject_key), '|' || w.lowered)
            or ends_with(lower(t.subject_key), ':' || w.lowered)
            or ends_with(t.subject_key, '|' || w.hashed)
            or ends_with(t.subject_key, ':' || w.hashed)
        )

    union all
    select 6, 'name', l.lead_id
    from marts.dim_leads as l, wanted as w
    where lower(l.person_name) = w.lowered

    union all
    select 7, 'company', l.lead_id
    from marts.dim_leads as l, wanted as w
    where lower(l.company_name) = w.lowered

    union all
    select 8, 'part_of_name', l.lead_id
    from marts.dim_leads as l, wanted as w
    where length(w.lowered) >= 2 and (contains(lower(l.person_name), w.lowered) or contains(lower(l.company_name), w.lowered))
),

strongest as (
    select distinct matched_by, lead_id
    from matches
    where match_order = (select min(match_order) from matches)
)

select
    m.matched_by, m.lead_id, l.person_name, l.company_name, l.job_title, l.email, l.mobile, s.score, s.band
from strongest as m
inner join marts.dim_leads as l on m.lead_id = l.lead_id
left join marts.fct_lead_scores as s on m.lead_id = s.lead_id
order by s.score_milli desc nulls last, m.lead_id
