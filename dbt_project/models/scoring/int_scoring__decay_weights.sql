-- The one place where points age: weight in millionths by half life and age, 0 beyond ten half lives (DESIGN 4).
with

half_lives as (
    select distinct {{ segment_half_life('rules.half_life_days', 'dimensions.half_life_factor_pct') }} as half_life_days
    from {{ ref('rul_scoring__engagement') }} as rules
    cross join (select distinct half_life_factor_pct from {{ ref('rul_scoring__dimensions') }}) as dimensions
    where rules.half_life_days is not null
    union
    select distinct {{ segment_half_life('rules.half_life_days', 'dimensions.half_life_factor_pct') }}
    from {{ ref('rul_scoring__need') }} as rules
    cross join (select distinct half_life_factor_pct from {{ ref('rul_scoring__dimensions') }}) as dimensions
    where rules.half_life_days is not null
),

days as (
    select {{ days_between("cast('2000-01-01' as date)", 'date_day') }} as age_days
    from {{ date_spine("'2000-01-01'", "'2040-12-31'") }}
)

select
    half_lives.half_life_days,
    days.age_days,
    {{ decay_millionths('days.age_days', 'half_lives.half_life_days') }} as weight_millionths
from half_lives
inner join days on days.age_days <= 10 * half_lives.half_life_days
