{# DuckDB replaces a table or view in one statement and one transaction. dbt's way of building beside it, renaming twice
   and dropping the old one afterwards costs more than most models here take (docs/decisions/0006). #}
{% materialization table, adapter='duckdb' %}
    {{ return(replace_relation('table')) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {{ return(replace_relation('view')) }}
{% endmaterialization %}

{# Tables by as_of_date of which a daily run computes only what is new (var days_to_compute): what was told of the days before
   stays, since a day-end is a function of what was known at it (docs/decisions/0011).
   kept_days: as far back as var history_days, for models that look at more days than a daily run computes.
   kept_day_before: the day that the run compares with. A model without as_of_date is replaced.
   kept_deliveries: not by as_of_date; each row is made of one row of one delivery and of rules alone, so only the rows of
   var new_deliveries are added. A model without delivery_id is replaced.
   duckdb: delete and insert in one transaction; spark: rebuilt whole, so days_to_compute must stay empty there. #}
{% materialization kept_days, adapter='duckdb' %}
    {{ return(keep_days(var('history_days'))) }}
{% endmaterialization %}

{% materialization kept_day_before, adapter='duckdb' %}
    {{ return(keep_days(var('days_to_compute'))) }}
{% endmaterialization %}

{% materialization kept_deliveries, adapter='duckdb' %}
    {% set existing = kept_relation('delivery_id') %}
    {% if existing is none %}{{ return(replace_relation('table')) }}{% endif %}
    {% set new = [] %}
    {% for delivery in var('new_deliveries') %}{% do new.append(dbt.string_literal(delivery)) %}{% endfor %}
    {{ return(add_rows(existing, 'delivery_id in (' ~ (new | join(', ') or 'null') ~ ')')) }}
{% endmaterialization %}

{% materialization kept_days, adapter='spark' %}
    {{ return(materialization_table_spark()) }}
{% endmaterialization %}

{% materialization kept_day_before, adapter='spark' %}
    {{ return(materialization_table_spark()) }}
{% endmaterialization %}

{% materialization kept_deliveries, adapter='spark' %}
    {{ return(materialization_table_spark()) }}
{% endmaterialization %}

{% macro keep_days(days_back) %}
    {% set existing = kept_relation('as_of_date') %}
    {% if existing is none %}{{ return(replace_relation('table')) }}{% endif %}
    {% set current_day = "cast('" ~ var('as_of_date') ~ "' as date)" %}
    {% set is_new = 'as_of_date > ' ~ add_days(current_day, '-' ~ var('days_to_compute')) %}
    {% set is_too_old = 'as_of_date < ' ~ add_days(current_day, '-' ~ days_back) %}
    {{ return(add_rows(existing, is_new, is_new ~ ' or ' ~ is_too_old)) }}
{% endmacro %}

{# The table that the run before left, if this one keeps what it told: a model with a column of that name that was there. #}
{% macro kept_relation(column) %}
    {% set existing = load_cached_relation(this) %}
    {% if var('days_to_compute') | string and existing is not none and existing.type == 'table'
        and column in adapter.get_columns_in_relation(existing) | map(attribute='name') | list %}
        {{ return(existing) }}
    {% endif %}
    {{ return(none) }}
{% endmacro %}

{% macro add_rows(existing, is_new, is_gone=none) %}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {% call statement('main') %}
        {% if is_gone %}
        delete from {{ this }} where {{ is_gone }};
        {% endif %}
        insert into {{ this }} by name (
            select * from (
                {{ compiled_code }}
            ) as told_now
            where {{ is_new }}
        );
    {% endcall %}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [existing]}) }}
{% endmacro %}

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

{# An empty row of the declared types, which dbt compares with what the SQL gives. dbt's own calls three macros for each
   column of each mart: a fourteenth of the Python of a whole build (py-spy). #}
{% macro duckdb__get_empty_schema_sql(columns) %}
    {% set untyped = columns.values() | rejectattr('data_type') | map(attribute='name') | list %}
    {% if untyped %}{{ exceptions.column_type_missing(column_names=untyped) }}{% endif %}
    select
    {% for column in columns.values() %}
        cast(null as {{ column.data_type }}) as {{ adapter.quote(column.name) if column.quote else column.name }}{{ ',' if not loop.last }}
    {% endfor %}
{% endmacro %}
