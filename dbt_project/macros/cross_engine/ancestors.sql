{# A FROM item: each row of a tree with itself and everything above it, as step_key, ancestor_key and steps (0: itself).

   relation: columns step_key and parent_key, null at the top. It must not run in circles: the caller lets a parent be
   only what is earlier than its child, so that every step goes back in time and the recursion ends.
   duckdb: recursive CTE; spark has none, so a work table grows level by level. Both write a row per pair. #}
{% macro ancestors(relation, work_name) %}{{ return(adapter.dispatch('ancestors', 'leadhouse')(relation, work_name)) }}{% endmacro %}

{% macro duckdb__ancestors(relation, work_name) -%}
(
    with recursive pairs as (
        select step_key, step_key as ancestor_key, parent_key as next_key, 0 as steps
        from {{ relation }}
        union all
        select pairs.step_key, pairs.next_key, above.parent_key, pairs.steps + 1
        from pairs
        inner join {{ relation }} as above on pairs.next_key = above.step_key
    )
    select step_key, ancestor_key, steps from pairs
)
{%- endmacro %}

{% macro spark__ancestors(relation, work_name) %}
    {% if not execute or flags.WHICH not in ('run', 'build') %}
        {{ return('(select cast(null as string) as step_key, cast(null as string) as ancestor_key, cast(null as int) as steps)') }}
    {% endif %}
    {% set level, pairs, next = work_name ~ '__level', work_name ~ '__pairs', work_name ~ '__next' %}
    {% do work_table(level, 'select step_key, step_key as ancestor_key, parent_key as next_key, 0 as steps from ' ~ relation) %}
    {% do work_table(pairs, 'select * from ' ~ level) %}
    {% for round in range(1000) %}
        {% do work_table(next, 'select l.step_key, l.next_key as ancestor_key, r.parent_key as next_key, l.steps + 1 as steps from '
            ~ level ~ ' as l inner join ' ~ relation ~ ' as r on l.next_key = r.step_key') %}
        {% if run_query('select count(*) from ' ~ next).columns[0].values()[0] == 0 %}{{ return(pairs) }}{% endif %}
        {% do run_query('insert into ' ~ pairs ~ ' select * from ' ~ next) %}
        {% do work_table(level, 'select * from ' ~ next) %}
    {% endfor %}
    {{ exceptions.raise_compiler_error(relation ~ ' has a branch of more than 1000 steps, or runs in circles') }}
{% endmacro %}
