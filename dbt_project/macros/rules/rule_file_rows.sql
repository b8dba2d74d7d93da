{# The versions of one rule file in the common shape of rul_all_rules: the columns of the file's own as a JSON object.
   Their names are read from the YAML of the seed, so a new column shows up by itself. Versions of several files of one
   shape say their `rule_file` themselves; `file` is any of them. #}
{% macro rule_file_rows(versions, file, of_several_files=false) -%}
{%- set common = ['rule_id', 'valid_from', 'status', 'label_zh', 'label_en', 'owner', 'why', 'reference'] -%}
{%- set payload = [] -%}
{%- if execute -%}
    {%- for column in graph.nodes['seed.' ~ project_name ~ '.' ~ file].columns if column not in common -%}
        {%- do payload.append(column) -%}
    {%- endfor -%}
{%- endif -%}
select
    rule_key,
    rule_id,
    '{{ file.split('__')[0][5:] }}' as layer,
    {{ 'rule_file' if of_several_files else "'" ~ file ~ "' as rule_file" }},
    valid_from,
    valid_to,
    status,
    label_zh,
    label_en,
    owner,
    why,
    reference,
    {{ json_object(payload) }} as payload
from {{ versions }}
{%- endmacro %}
