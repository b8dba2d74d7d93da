-- What becomes of groups of records that are alike: one, unless their chain is in doubt, because it is long or two of its
-- groups contradict each other. Then only groups that are each other's best match become one, so that no chain of likeness
-- swallows people: what merges has been compared, pair by pair.
with

best_pairs as (
    select *
    from (
        select
            pairs.*,
            row_number() over (
                partition by as_of_date, group_a, group_b order by points desc, known_on asc, node_key_a asc, node_key_b asc
            ) as pair_rank
        from {{ ref('int_cleansing__match_pairs') }} as pairs
    ) as ranked
    where pair_rank = 1
),

cluster_sizes as (
    select as_of_date, cluster_id, count(*) as groups
    from {{ ref('int_cleansing__match_clusters') }}
    group by as_of_date, cluster_id
),

clusters_with_conflicts as (
    select distinct as_of_date, cluster_id from {{ ref('int_cleansing__match_conflicts') }}
),

size_rules as (
    select * from {{ ref('rul_cleansing__identity_comparisons') }}
    where comparator = 'most_members'
),

judged as (
    select
        best_pairs.*,
        clusters.cluster_id,
        conflicts.cluster_id is not null or coalesce(cluster_sizes.groups > size_rules.argument, false) as is_in_doubt
    from best_pairs
    inner join {{ ref('int_cleansing__match_clusters') }} as clusters
        on best_pairs.as_of_date = clusters.as_of_date and best_pairs.group_a = clusters.group_id
    inner join cluster_sizes
        on clusters.as_of_date = cluster_sizes.as_of_date and clusters.cluster_id = cluster_sizes.cluster_id
    left join clusters_with_conflicts as conflicts
        on clusters.as_of_date = conflicts.as_of_date and clusters.cluster_id = conflicts.cluster_id
    left join size_rules
        on best_pairs.subject = size_rules.subject and {{ active_on('size_rules', 'best_pairs.as_of_date') }}
),

-- Pairs that contradict each other are out before the best one is looked for.
possible as (
    select judged.*
    from judged
    left join {{ ref('int_cleansing__match_conflicts') }} as conflicts
        on
            judged.as_of_date = conflicts.as_of_date
            and judged.group_a = conflicts.group_a and judged.group_b = conflicts.group_b
    where judged.is_in_doubt and conflicts.group_a is null
),

ends as (
    select as_of_date, group_a as group_id, group_a, group_b, points from possible
    union all
    select as_of_date, group_b, group_a, group_b, points from possible
),

ranked_ends as (
    select
        as_of_date, group_a, group_b,
        row_number() over (partition by as_of_date, group_id order by points desc, group_a asc, group_b asc) as end_rank
    from ends
),

mutual_bests as (
    select as_of_date, group_a, group_b
    from ranked_ends
    where end_rank = 1
    group by as_of_date, group_a, group_b
    having count(*) = 2
)

select
    judged.as_of_date,
    judged.subject,
    judged.group_a,
    judged.group_b,
    judged.node_key_a,
    judged.node_key_b,
    judged.known_on,
    judged.points,
    judged.link_from,
    judged.evidence,
    judged.is_in_doubt,
    not judged.is_in_doubt or bests.group_a is not null as is_linked,
    case
        when not judged.is_in_doubt then judged.cluster_id
        when bests.group_a is not null then judged.group_a
    end as component_id
from judged
left join mutual_bests as bests
    on judged.as_of_date = bests.as_of_date and judged.group_a = bests.group_a and judged.group_b = bests.group_b
