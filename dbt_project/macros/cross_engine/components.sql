{# Connected components by a loop of table builds to a fixpoint; neither engine needs recursion (FACTS).

   edges_relation: columns as_of_date, node_a, node_b (BIGINT, undirected). Returns the name of a work table with
   as_of_date, node_id, component_id (the smallest node_id of the component). Each round takes the smallest label among
   a node and its neighbours, then jumps to the label of that label, so a chain of n nodes needs about log2(n) rounds. #}
{% macro connected_components(edges_relation, work_name, max_rounds=40) %}
    {% if not execute or flags.WHICH not in ('run', 'build') %}
        {{ return('(select cast(null as date) as as_of_date, cast(null as bigint) as node_id, cast(null as bigint) as component_id)') }}
    {% endif %}
    {% set labels = work_name ~ '__labels' %}
    {% set next = work_name ~ '__next' %}
    {% set arcs = work_name ~ '__arcs' %}
    {% do work_table(arcs, 'select as_of_date, node_a, node_b from ' ~ edges_relation ~ ' union select as_of_date, node_b, node_a from ' ~ edges_relation) %}
    {% do work_table(labels, 'select as_of_date, node_a as node_id, least(node_a, min(node_b)) as component_id from ' ~ arcs ~ ' group by as_of_date, node_a') %}
    {% for round in range(max_rounds) %}
        {% set step %}
            with neighbours as (
                select a.as_of_date, a.node_a as node_id, min(l.component_id) as component_id
                from {{ arcs }} as a
                inner join {{ labels }} as l on a.as_of_date = l.as_of_date and a.node_b = l.node_id
                group by a.as_of_date, a.node_a
            ),
            lowered as (
                select l.as_of_date, l.node_id, l.component_id as former_id, least(l.component_id, n.component_id) as component_id
                from {{ labels }} as l
                inner join neighbours as n on l.as_of_date = n.as_of_date and l.node_id = n.node_id
            )
            select w.as_of_date, w.node_id, w.former_id, least(w.component_id, j.component_id) as component_id
            from lowered as w
            inner join lowered as j on w.as_of_date = j.as_of_date and w.component_id = j.node_id
        {% endset %}
        {% do work_table(next, step) %}
        {% set changed = run_query('select count(*) from ' ~ next ~ ' where component_id <> former_id').columns[0].values()[0] %}
        {% do work_table(labels, 'select as_of_date, node_id, component_id from ' ~ next) %}
        {% if changed == 0 %}{{ return(labels) }}{% endif %}
    {% endfor %}
    {{ exceptions.raise_compiler_error('Identity clusters did not settle in ' ~ max_rounds ~ ' rounds: look for a chain of keys in ' ~ edges_relation) }}
{% endmacro %}

{# A scratch table that lives as long as the connection (duckdb: temp table; spark: a table replaced each run). #}
{% macro work_table(name, sql) %}{{ return(adapter.dispatch('work_table', 'leadhouse')(name, sql)) }}{% endmacro %}
{% macro duckdb__work_table(name, sql) %}{% do run_query('create or replace temp table ' ~ name ~ ' as ' ~ sql) %}{% endmacro %}
{% macro spark__work_table(name, sql) %}{% do run_query('create or replace table ' ~ name ~ ' as ' ~ sql) %}{% endmacro %}
