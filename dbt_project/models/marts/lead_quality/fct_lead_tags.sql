select
    cast(tags.lead_id as varchar) as lead_id,
    cast(tags.tag_group as varchar) as tag_group,
    cast(tags.tag as varchar) as tag,
    cast(tags.rule_key as varchar) as rule_key,
    cast({{ text_without_contacts('tags.value_text') }} as varchar) as value_text
from {{ ref('int_tagging__lead_tags') }} as tags
inner join {{ ref('int_cleansing__day_ends') }} as day_ends
    on tags.as_of_date = day_ends.as_of_date and day_ends.is_current
