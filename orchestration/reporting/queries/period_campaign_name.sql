-- The name of a campaign.
select campaign_name
from marts.dim_campaigns
where campaign_id = $campaign_id
