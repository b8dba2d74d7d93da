{{ config(materialized='table') }}
-- Day-ends of the build and the day before each: what the ledger compares (DESIGN 5, Scoring).
select
    later.as_of_date,
    earlier.as_of_date as previous_on
from {{ ref('int_cleansing__day_ends') }} as later
inner join {{ ref('int_cleansing__day_ends') }} as earlier
    on earlier.as_of_date = {{ add_days('later.as_of_date', -1) }}
