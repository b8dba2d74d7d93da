{# Pairs of records in one block whose likeness is worth enough points to be one person, or one company (R08). Blocks are
   counted at each day-end; the pairs that they give are scored once for all day-ends under the same rules. #}
{%- set values_of_records = ref('int_cleansing__match_values') -%}
{%- set blocks = block_rows() -%}

with

blocks as (
    {%- for row in blocks if row[-3] == 'active' %}
    {%- set form = block_form('cast(' ~ adapter.quote(row[1]) ~ ' as ' ~ dbt.type_string() ~ ')', row[2]) %}
    {%- set other_form = block_form('cast(' ~ adapter.quote(row[3]) ~ ' as ' ~ dbt.type_string() ~ ')', row[4]) if row[3] else none %}
    select
        as_of_date, subject, group_id, node_key, known_on, values_key,
        {{ loop.index }} as block_no,
        {{ row[5] }} as most_members,
        {{ quick_hash(form ~ (" || '|' || " ~ other_form if other_form else '')) }} as block
    from {{ values_of_records }}
    where
        subject = '{{ row[0] }}' and {{ adapter.quote(row[1]) }} is not null
        {{- " and " ~ adapter.quote(row[3]) ~ " is not null" if row[3] }}
        and {{ row_in_force(row, 'as_of_date') }}
    {{ "union all" if not loop.last }}
    {%- else %}
    select
        as_of_date, subject, group_id, node_key, known_on, values_key,
        0 as block_no, 0 as most_members, {{ quick_hash('node_key') }} as block
    from {{ values_of_records }}
    where false
    {%- endfor %}
),

blocks_of_a_size as (
    select as_of_date, block_no, block
    from blocks
    group by as_of_date, block_no, block
    having count(*) between 2 and min(most_members)
),

members as (
    select blocks.*
    from blocks
    inner join blocks_of_a_size as sized
        on blocks.as_of_date = sized.as_of_date and blocks.block_no = sized.block_no and blocks.block = sized.block
),

candidates as (
    select distinct
        a.as_of_date, a.subject,
        a.group_id as group_a, b.group_id as group_b,
        a.node_key as node_key_a, b.node_key as node_key_b,
        a.values_key as values_a, b.values_key as values_b,
        greatest(a.known_on, b.known_on) as known_on,
        {{ rules_from('a.as_of_date') }} as rules_on
    from members as a
    inner join members as b
        on
            a.as_of_date = b.as_of_date and a.block_no = b.block_no and a.block = b.block
            and a.group_id < b.group_id
),

pairs_to_score as (
    select distinct subject, values_a, values_b, rules_on from candidates
),

{{ scored_pairs('pairs_to_score', values_of_records) }},

likely as (
    select
        subject, values_a, values_b, rules_on, points, link_from,
        {{ evidence_of_pair() }} as evidence
    from scored
    where points >= link_from
)

select
    candidates.as_of_date,
    candidates.subject,
    candidates.group_a,
    candidates.group_b,
    candidates.node_key_a,
    candidates.node_key_b,
    candidates.known_on,
    cast(likely.points as bigint) as points,
    cast(likely.link_from as bigint) as link_from,
    likely.evidence
from candidates
inner join likely
    on
        candidates.subject = likely.subject
        and candidates.values_a = likely.values_a
        and candidates.values_b = likely.values_b
        and candidates.rules_on = likely.rules_on
