{# The plain sum of a share over the rows of a thing is the total that another relation shows for it; a thing without rows has
   a total of 0. #}
{% test shares_add_up_to(model, share, to, total, by) %}
select
    totals.{{ by }},
    totals.{{ total }} as total,
    coalesce(shares.share, 0) as share
from {{ to }} as totals
left join (select {{ by }}, sum({{ share }}) as share from {{ model }} group by {{ by }}) as shares
    on totals.{{ by }} = shares.{{ by }}
where totals.{{ total }} <> coalesce(shares.share, 0)
{% endtest %}
