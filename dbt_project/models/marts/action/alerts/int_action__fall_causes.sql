{{ config(schema='action') }}
{% set causes = ledger_causes() + ['behaviour'] %}
-- Why a score fell between the two day-ends of a fall: the causes of the ledger, added up over the days between them.
with

falls as (
    select distinct as_of_date, start_on, lead_id from {{ ref('int_action__score_falls') }}
),

changes as (
    select falls.as_of_date, falls.start_on, changes.*
    from falls
    inner join (
        select
            as_of_date as changed_on, lead_id as changed_lead_id,
            {% for cause in causes %}
            {{ cause }}_milli{{ ',' if not loop.last }}
            {% endfor %}
        from {{ ref('int_scoring__score_changes') }}
    ) as changes
        on
            falls.lead_id = changes.changed_lead_id
            and changes.changed_on > falls.start_on
            and changes.changed_on <= falls.as_of_date
),

by_cause as (
    {% for cause in causes %}
    select
        as_of_date, start_on, changed_lead_id as lead_id,
        '{{ 'rule_change' if cause == 'rule' else cause }}' as cause, {{ cause }}_milli as change_milli
    from changes
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select as_of_date, start_on, lead_id, cause, cast(sum(change_milli) as bigint) as change_milli
from by_cause
group by as_of_date, start_on, lead_id, cause
having sum(change_milli) <> 0
