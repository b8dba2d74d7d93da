{# The constraints that a model declares, held to the rows it has: `unique` and `primary_key` (two nulls are the same
   value, as in the key of a tombstone) and `not_null`. One pass for all of them after the model is built, in
   its transaction: a broken promise leaves the table of yesterday and stops what reads it. A data test of its own
   for each would cost more than most models (docs/decisions/0006), and an index would cost memory.
   The pass counts hashes of keys, at half the time of the keys themselves; two keys that share a hash are only
   suspects, which the rows then clear. #}
{% macro keep_promises() %}
    {% if execute and flags.WHICH in ('build', 'run') %}
        {% set promises = promises_of(model) %}
        {% if promises %}
            {% set suspects = run_query('select ' ~ promises | map(attribute='suspects') | join(', ') ~ ' from ' ~ this).rows[0] %}
            {% for promise in promises %}
                {% if suspects[loop.index0] > 0 %}
                    {% set broken = run_query('select count(*) from (' ~ promise.broken_by ~ ') as broken').rows[0][0] %}
                    {% if broken > 0 %}
                        {% do report_broken(promise, broken) %}
                    {% endif %}
                {% endif %}
            {% endfor %}
        {% endif %}
    {% endif %}
{% endmacro %}

{% macro report_broken(promise, times) %}
    {% set example = run_query('select * from (' ~ promise.broken_by ~ ') as broken limit 1').rows[0] %}
    {% do exceptions.raise_compiler_error(
        this.identifier ~ ' breaks its promise of ' ~ promise.words ~ ', ' ~ times ~ ' times, such as '
        ~ example.values() | join(', ') ~ '. The rows: ' ~ promise.broken_by
    ) %}
{% endmacro %}

{# The promises of a model as a list of {words, broken_by: a query with one row per offence, suspects: an aggregate over the
   model that is 0 when the promise is kept}. #}
{% macro promises_of(node) %}
    {% set promises = [] %}
    {% for constraint in node.constraints if constraint.type in ('unique', 'primary_key') %}
        {% do promises.append(unique_promise(constraint.columns)) %}
    {% endfor %}
    {% for column in node.columns.values() %}
        {% for constraint in column.constraints %}
            {% if constraint.type in ('unique', 'primary_key') %}
                {% do promises.append(unique_promise([column.name])) %}
            {% elif constraint.type == 'not_null' and not node.config.contract.enforced %}
                {% do promises.append({
                    'words': 'a ' ~ column.name ~ ' in every row',
                    'suspects': 'count(*) - count(' ~ column.name ~ ')',
                    'broken_by': 'select * from ' ~ this ~ ' where ' ~ column.name ~ ' is null'
                }) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {{ return(promises) }}
{% endmacro %}

{% macro unique_promise(columns) %}
    {% set key = columns | join(', ') %}
    {{ return({
        'words': 'one row per ' ~ key,
        'suspects': 'count(*) - count(distinct ' ~ quick_hash(key) ~ ')',
        'broken_by': 'select ' ~ key ~ ' from ' ~ this ~ ' group by ' ~ key ~ ' having count(*) > 1'
    }) }}
{% endmacro %}
