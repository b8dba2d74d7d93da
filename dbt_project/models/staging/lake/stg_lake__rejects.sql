select
    run_id,
    delivery_id,
    feed,
    {{ clean_text('file_name') }} as file_name,
    line_number,
    {{ clean_text('column_name') }} as column_name,
    {{ clean_text('reason') }} as reason,
    raw_text
from {{ source('lake', 'rejects') }}
