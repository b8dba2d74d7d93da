-- The tags of one lead with the word that each was read from.
select tag_group, tag, rule_key, value_text
from marts.fct_lead_tags
where lead_id = $lead_id
order by tag_group, tag, rule_key
