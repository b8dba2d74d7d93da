{# How an incremental model replaces whole day-ends (config unique_key and partition_by = as_of_date).
   duckdb: rows of the delivered day-ends are deleted, then inserted; spark: the partitions are overwritten, which needs
   partitionOverwriteMode dynamic (set by dbt-spark for insert_overwrite with partition_by). #}
{% macro reload_strategy() %}{{ return(adapter.dispatch('reload_strategy', 'leadhouse')()) }}{% endmacro %}
{% macro duckdb__reload_strategy() %}{{ return('delete+insert') }}{% endmacro %}
{% macro spark__reload_strategy() %}{{ return('insert_overwrite') }}{% endmacro %}
