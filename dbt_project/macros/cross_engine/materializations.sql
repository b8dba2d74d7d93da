{# DuckDB replaces a table or view in one statement and one transaction. dbt's way of building beside it, renaming twice
   and dropping the old one afterwards costs more than most models here take (docs/decisions/0006). #}
{% materialization table, adapter='duckdb' %}
    {{ return(replace_relation('table')) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(replace_relation('view')) }}
{% endmaterialization %}

{# A table by as_of_date that reaches back as far as var history_days, for models that look at more days than a daily run
   computes (var days_to_compute). What was told of the days before stays; those too old go.
   duckdb: delete and insert in one transaction; spark: rebuilt whole, so days_to_compute must stay empty there. #}
{% materialization kept_days, adapter='duckdb' %}
    {% set existing = load_cached_relation(this) %}
    {% if not var('days_to_compute') | string or existing is none or existing.type != 'table' %}
        {{ return(replace_relation('table')) }}
    {% endif %}
    {% set current_day = "cast('" ~ var('as_of_date') ~ "' as date)" %}
    {% set told_until = add_days(current_day, '-' ~ var('days_to_compute')) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') %}
        delete from {{ this }}
        where as_of_date > {{ told_until }} or as_of_date < {{ add_days(current_day, '-' ~ var('history_days')) }};
        insert into {{ this }} by name (
            select * from (
                {{ compiled_code }}
            ) as told_now
            where as_of_date > {{ told_until }}
        );
    {% endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [existing]}) }}
{% endmaterialization %}

{% materialization kept_days, adapter='spark' %}
    {{ return(materialization_table_spark()) }}
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
