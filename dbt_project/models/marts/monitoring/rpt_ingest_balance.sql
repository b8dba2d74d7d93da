select
    cast(as_of_date as date) as as_of_date,
    cast(delivery_id as varchar) as delivery_id,
    cast(connection as varchar) as connection,
    cast(feed as varchar) as feed,
    cast(file_name as varchar) as file_name,
    cast(known_at as timestamp) as known_at,
    cast(status as varchar) as status,
    cast(records as bigint) as records,
    cast(accepted as bigint) as accepted,
    cast(unchanged as bigint) as unchanged,
    cast(duplicate as bigint) as duplicate,
    cast(merged as bigint) as merged,
    cast(quarantined as bigint) as quarantined,
    cast(rejected as bigint) as rejected,
    cast(difference as bigint) as difference
from {{ ref('int_cleansing__delivery_fates') }}
