{# The lowest and the highest points that each tag group of which nothing is known could still bring, by day-end. #}
{% macro fit_group_ranges() %}
    select
        days.as_of_date,
        rules.tag_group,
        least(min(rules.points), max(rules.group_cap)) * 1000 as lowest_milli,
        least(max(rules.points), max(rules.group_cap)) * 1000 as highest_milli
    from {{ ref('rul_scoring__fit') }} as rules
    inner join {{ ref('rul_vocabulary__tag_groups') }} as groups
        on rules.tag_group = groups.tag_group and groups.absence_means = 'unknown'
    inner join {{ ref('int_cleansing__day_ends') }} as days on {{ active_on('rules', 'days.as_of_date') }}
    group by days.as_of_date, rules.tag_group
{% endmacro %}
