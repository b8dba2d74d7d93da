{# The lowest and the highest points that each tag group of which nothing is known could still bring, by day-end. The cap
   of a group is its most points or, where it is negative, its fewest. #}
{% macro fit_group_ranges() %}
    select
        days.as_of_date,
        rules.tag_group,
        {% for bound, extreme in [('lowest_milli', 'min'), ('highest_milli', 'max')] %}
        case
            when max(rules.group_cap) < 0 then greatest({{ extreme }}(rules.points), min(rules.group_cap))
            else least({{ extreme }}(rules.points), max(rules.group_cap))
        end * 1000 as {{ bound }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('rul_scoring__fit') }} as rules
    inner join {{ ref('rul_vocabulary__tag_groups') }} as groups
        on rules.tag_group = groups.tag_group and groups.absence_means = 'unknown'
    inner join {{ ref('int_cleansing__day_ends') }} as days on {{ active_on('rules', 'days.as_of_date') }}
    group by days.as_of_date, rules.tag_group
{% endmacro %}
