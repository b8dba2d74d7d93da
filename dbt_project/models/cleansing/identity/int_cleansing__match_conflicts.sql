{# Groups in one chain of likeness that cannot be one: two of their records contradict each other (apart_until points against,
   and not alike enough by themselves to be one), or an exception forbids it. Chains longer than most_members are not looked through: they are in doubt as a whole. #}
{%- set values_of_records = ref('int_cleansing__match_values') -%}

with

cluster_sizes as (
    select as_of_date, cluster_id, count(*) as groups
    from {{ ref('int_cleansing__match_clusters') }}
    group by as_of_date, cluster_id
),

members as (
    select
        clusters.as_of_date, clusters.cluster_id, clusters.group_id, known.subject, known.node_key, known.known_on, known.values_key,
        {{ rules_from('clusters.as_of_date') }} as rules_on,
        sizes.groups
    from {{ ref('int_cleansing__match_clusters') }} as clusters
    inner join cluster_sizes as sizes
        on clusters.as_of_date = sizes.as_of_date and clusters.cluster_id = sizes.cluster_id
    inner join {{ values_of_records }} as known
        on clusters.as_of_date = known.as_of_date and clusters.group_id = known.group_id
),

short_chains as (
    select * from members
    where groups <= {{ deciding_number('most_members', 'subject', 'rules_on') }}
),

candidates as (
    select
        a.as_of_date, a.subject, a.cluster_id, a.rules_on,
        a.group_id as group_a, b.group_id as group_b,
        a.node_key as node_key_a, b.node_key as node_key_b,
        a.values_key as values_a, b.values_key as values_b,
        greatest(a.known_on, b.known_on) as known_on
    from short_chains as a
    inner join short_chains as b
        on a.as_of_date = b.as_of_date and a.cluster_id = b.cluster_id and a.group_id < b.group_id
),

pairs_to_score as (
    select distinct subject, values_a, values_b, rules_on from candidates
),

{{ scored_pairs('pairs_to_score', values_of_records) }},

contradictions as (
    select subject, values_a, values_b, rules_on, points_against as points, {{ evidence_of_pair() }} as evidence
    from scored
    where points_against <= apart_until and points < link_from
),

found as (
    select
        candidates.as_of_date, candidates.subject, candidates.cluster_id, candidates.group_a, candidates.group_b,
        candidates.node_key_a, candidates.node_key_b, candidates.known_on, contradictions.points, contradictions.evidence,
        cast(null as {{ dbt.type_string() }}) as exception_key
    from candidates
    inner join contradictions
        on
            candidates.subject = contradictions.subject
            and candidates.values_a = contradictions.values_a
            and candidates.values_b = contradictions.values_b
            and candidates.rules_on = contradictions.rules_on
    union all
    select
        clusters.as_of_date, case when forbidden.node_key_a like 'company|%' then 'account' else 'person' end,
        clusters.cluster_id, clusters.group_id, others.group_id,
        forbidden.node_key_a, forbidden.node_key_b, forbidden.valid_from, null, null, forbidden.rule_key
    from {{ ref('int_cleansing__linked_by_exception') }} as forbidden
    left join {{ ref('int_cleansing__key_components') }} as component_a
        on forbidden.as_of_date = component_a.as_of_date and forbidden.node_a = component_a.node_id
    left join {{ ref('int_cleansing__key_components') }} as component_b
        on forbidden.as_of_date = component_b.as_of_date and forbidden.node_b = component_b.node_id
    inner join {{ ref('int_cleansing__match_clusters') }} as clusters
        on forbidden.as_of_date = clusters.as_of_date and coalesce(component_a.component_id, forbidden.node_a) = clusters.group_id
    inner join {{ ref('int_cleansing__match_clusters') }} as others
        on
            clusters.as_of_date = others.as_of_date and clusters.cluster_id = others.cluster_id
            and coalesce(component_b.component_id, forbidden.node_b) = others.group_id
    where forbidden.decision = 'forbid'
),

ranked as (
    select
        as_of_date, subject, cluster_id, least(group_a, group_b) as group_a, greatest(group_a, group_b) as group_b,
        node_key_a, node_key_b, known_on, points, evidence, exception_key,
        row_number() over (
            partition by as_of_date, least(group_a, group_b), greatest(group_a, group_b)
            order by case when exception_key is null then 1 else 0 end, exception_key, points, node_key_a, node_key_b
        ) as conflict_rank
    from found
)

select as_of_date, subject, cluster_id, group_a, group_b, node_key_a, node_key_b, known_on, points, evidence, exception_key
from ranked
where conflict_rank = 1
