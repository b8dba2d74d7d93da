{# Rule rows at compile time, for predicates that must be constants in the SQL (a regex as a constant is 50 times faster
   than a join on patterns, FACTS). Returns a list of rows; empty while parsing, before the relation was
   built, and in unit tests, whose mocked inputs are no relations of the database.
   The calling model keeps the order of the build with a ref to the same relation. #}
{% macro rule_rows(relation, query) %}
    {% if not execute or not relation.database or flags.WHICH not in ('run', 'build', 'test', 'compile') %}{{ return([]) }}{% endif %}
    {% set found = adapter.get_relation(database=relation.database, schema=relation.schema, identifier=relation.identifier) %}
    {% if found is none %}{{ return([]) }}{% endif %}
    {{ return(run_query(query).rows) }}
{% endmacro %}

{# A text as a SQL literal. #}
{% macro sql_text(value) %}'{{ (value | string).replace("'", "''") }}'{% endmacro %}
