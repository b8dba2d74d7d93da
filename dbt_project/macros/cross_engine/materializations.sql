{# DuckDB replaces a table or view in one statement and one transaction. dbt's way of building beside it, renaming twice
   and dropping the old one afterwards costs more than most models here take (docs/decisions/0006). #}
{% materialization table, adapter='duckdb' %}
    {{ return(replace_relation('table')) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(replace_relation('view')) }}
{% endmaterialization %}

{% macro replace_relation(kind) %}
    {% set existing = load_cached_relation(this) %}
    {% set target = this.incorporate(type=kind) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% if existing is not none and existing.type != kind %}
        {% do adapter.drop_relation(existing) %}
    {% endif %}
    {% call statement('main') %}
        {% if config.get('contract').enforced and kind == 'table' %}
            {{ get_assert_columns_equivalent(compiled_code) }}
            create or replace table {{ target }} {{ get_table_columns_and_constraints() }};
            insert into {{ target }} {{ get_column_names() }} ({{ get_select_subquery(compiled_code) }});
        {% else %}
            create or replace {{ kind }} {{ target }} as (
                {{ compiled_code }}
            );
        {% endif %}
    {% endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmacro %}

{# Of the declared constraints the engine itself gets only not_null: a unique index over a mart would cost memory in
   proportion to its rows, and keep_promises counts instead. #}
{% macro duckdb__get_table_columns_and_constraints() %}
    ({{ adapter.render_raw_columns_constraints(raw_columns=columns_with_not_null_only()) | join(', ') }})
{% endmacro %}

{% macro columns_with_not_null_only() %}
    {% set columns = {} %}
    {% for name, column in model.columns.items() %}
        {% set kept = column.constraints | selectattr('type', 'equalto', 'not_null') | list %}
        {% do columns.update({name: dict(column, constraints=kept)}) %}
    {% endfor %}
    {{ return(columns) }}
{% endmacro %}
