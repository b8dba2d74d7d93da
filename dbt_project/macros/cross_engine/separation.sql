{# Edges of an identity graph without those that join what an exception keeps apart.

   edges_relation: as_of_date, node_a, node_b. forbidden_relation: as_of_date, node_a, node_b, rank_a, rank_b (smaller: known
   earlier). Each forbidden record is the seed of a cell; a node goes to the cell that it is fewest steps away from, of two
   equally near ones to that of the record known first, and edges between cells are left out. Records that are forbidden
   to the same others share a cell, so that three records of one person can be kept from a fourth. Without forbidden pairs
   nothing is computed. Returns the name of a relation. #}
{% macro edges_without_forbidden(edges_relation, forbidden_relation, work_name, max_rounds=60) %}
    {% if not execute or flags.WHICH not in ('run', 'build') %}{{ return(edges_relation) }}{% endif %}
    {% if run_query('select count(*) from ' ~ forbidden_relation).columns[0].values()[0] == 0 %}{{ return(edges_relation) }}{% endif %}
    {% set cells, arcs, reached, kept = work_name ~ '__cells', work_name ~ '__cell_arcs', work_name ~ '__reached', work_name ~ '__kept' %}
    {% do work_table(arcs, 'select as_of_date, node_a, node_b from ' ~ edges_relation ~ ' union select as_of_date, node_b, node_a from ' ~ edges_relation) %}
    {% set seeds %}
        with sides as (
            select as_of_date, node_a as node_id, node_b as other_id, rank_a as node_rank from {{ forbidden_relation }}
            union
            select as_of_date, node_b, node_a, rank_b from {{ forbidden_relation }}
        ),
        seeds as (
            select as_of_date, node_id, {{ sorted_text_list('cast(other_id as ' ~ dbt.type_string() ~ ')', "','") }} as cell, min(node_rank) as node_rank
            from sides
            group by as_of_date, node_id
        )
        select as_of_date, node_id, min(node_rank) over (partition by as_of_date, cell) as cell_rank
        from seeds
    {% endset %}
    {% do work_table(cells, seeds) %}
    {% set state = namespace(nodes=-1, found=0) %}
    {% for round in range(max_rounds) %}
        {% if state.nodes != state.found %}
            {% set state.nodes = state.found %}
            {% set step %}
                select as_of_date, node_id, cell_rank from {{ cells }}
                union all
                select arcs.as_of_date, arcs.node_b, min(cells.cell_rank)
                from {{ arcs }} as arcs
                inner join {{ cells }} as cells on arcs.as_of_date = cells.as_of_date and arcs.node_a = cells.node_id
                left join {{ cells }} as taken on arcs.as_of_date = taken.as_of_date and arcs.node_b = taken.node_id
                where taken.node_id is null
                group by arcs.as_of_date, arcs.node_b
            {% endset %}
            {% do work_table(reached, step) %}
            {% do work_table(cells, 'select * from ' ~ reached) %}
            {% set state.found = run_query('select count(*) from ' ~ cells).columns[0].values()[0] %}
        {% endif %}
    {% endfor %}
    {% if state.nodes != state.found %}
        {{ exceptions.raise_compiler_error('Records that an exception keeps apart are linked over more than ' ~ max_rounds ~ ' keys: look for a chain in ' ~ edges_relation) }}
    {% endif %}
    {% set without %}
        select edges.as_of_date, edges.node_a, edges.node_b
        from {{ edges_relation }} as edges
        left join {{ cells }} as cell_a on edges.as_of_date = cell_a.as_of_date and edges.node_a = cell_a.node_id
        left join {{ cells }} as cell_b on edges.as_of_date = cell_b.as_of_date and edges.node_b = cell_b.node_id
        where coalesce(cell_a.cell_rank, 0) = coalesce(cell_b.cell_rank, 0)
    {% endset %}
    {% do work_table(kept, without) %}
    {{ return(kept) }}
{% endmacro %}
