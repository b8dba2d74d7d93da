-- The statistical size of the company that a lead belongs to, as far as the lead's records and the account tell.
{{ company_sizes(ref('int_cleansing__leads'), ref('int_tagging__direct_tags'), 'lead_id') }}
