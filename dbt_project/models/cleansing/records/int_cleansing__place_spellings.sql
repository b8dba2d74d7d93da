{#- A city spelling that several provinces share (suzhou, taizhou) only counts together with its province:
    `names_one_city` tells it apart, for each span of days on which the same rules name the spelling. -#}
with

places as (
    select * from {{ ref('rul_cleansing__places') }}
    where status = 'active'
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
),

boundaries as (
    select place_kind, spelling, valid_from as boundary_on from spelled
    union
    select place_kind, spelling, valid_to from spelled
),

spans as (
    select
        place_kind,
        spelling,
        boundary_on as span_from,
        lead(boundary_on) over (partition by place_kind, spelling order by boundary_on) as span_to
    from boundaries
)

select
    spelled.place_kind,
    spelled.spelling,
    spelled.country,
    spelled.province,
    spelled.city,
    spelled.rule_key,
    spelled.status,
    spans.span_from as valid_from,
    spans.span_to as valid_to,
    min(spelled.province) over (partition by spelled.place_kind, spelled.spelling, spans.span_from)
    = max(spelled.province) over (partition by spelled.place_kind, spelled.spelling, spans.span_from) as names_one_city
from spans
inner join spelled
    on
        spans.place_kind = spelled.place_kind
        and spans.spelling = spelled.spelling
        and spelled.valid_from <= spans.span_from
        and spans.span_from < spelled.valid_to
where spans.span_to is not null
