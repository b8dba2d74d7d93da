{#- A city spelling that several provinces share (suzhou, taizhou) only counts together with its province:
    `names_one_city` tells it apart. -#}
with

places as (
    select * from {{ ref('rul_cleansing__places') }}
),

spelled as (
    select
        places.place_kind,
        trim(spelling.part) as spelling,
        places.country,
        places.province,
        places.city,
        places.rule_key,
        places.status,
        places.valid_from,
        places.valid_to
    from places, {{ split_rows('places.spellings', "'|'") }} as spelling (part)
)

select
    *,
    min(province) over (partition by place_kind, spelling) = max(province) over (partition by place_kind, spelling) as names_one_city
from spelled
