-- Tags that follow from one attribute of the lead.
{{ tags_of_attributes(ref('int_tagging__lead_attributes'), 'lead_id') }}
