-- Any id that a record ever gave or could have given to a lead, and the lead that it leads to today.
select
    cast({{ lead_id_of('members.node_key') }} as varchar) as former_lead_id,
    cast(members.lead_id as varchar) as lead_id,
    cast(members.feed as varchar) as feed,
    cast(members.record_key as varchar) as record_key,
    cast(members.first_known_on as date) as first_known_on
from {{ ref('int_cleansing__lead_members') }} as members
inner join {{ ref('int_cleansing__day_ends') }} as day_ends
    on members.as_of_date = day_ends.as_of_date and day_ends.is_current
