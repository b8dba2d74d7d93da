-- The leads whose score moved most in seven days, each way.
with ranked as (
    select
        s.lead_id, l.person_name, l.company_name, s.band, s.score_milli, s.score_change_7d_milli, s.last_activity_on,
        case when s.score_change_7d_milli > 0 then 'up' else 'down' end as direction,
        row_number() over (
            partition by s.score_change_7d_milli > 0
            order by abs(s.score_change_7d_milli) desc, s.lead_id
        ) as place
    from marts.fct_lead_scores as s
    inner join marts.dim_leads as l on s.lead_id = l.lead_id
    where s.scope = $scope and s.score_change_7d_milli <> 0
)
select * from ranked
where place <= $movers
order by direction desc, place
