{%- set keys_of_a_record = [
    ('email', mailbox_of('email')),
    ('mobile', 'mobile'),
    ('unionid', 'unionid'),
    ('openid', openid_of_account()),
    ('external_userid', external_userid_of_corp()),
    ('visitor', 'visitor_id'),
    ('crm_lead', "source_system || ':' || crm_lead_id"),
    ('crm_lead', "case when crm_lead_id is null or source_system || ':' || crm_lead_id <> ref_system || ':' || related_lead_ref then ref_system || ':' || related_lead_ref end"),
    ('crm_contact', "source_system || ':' || crm_contact_id"),
] -%}

with

records as (
    select * from {{ ref('int_cleansing__person_records') }}
    where not is_deleted
),

keys as (
    {% for key_kind, key_value in keys_of_a_record %}
    select
        node_key,
        feed,
        record_key,
        delivery_id,
        delivery_row,
        known_on,
        '{{ key_kind }}' as key_kind,
        {{ key_value }} as key_value
    from records
    {{ "union all" if not loop.last }}
    {% endfor %}
)

select
    node_key,
    feed,
    record_key,
    delivery_id,
    delivery_row,
    known_on,
    key_kind,
    key_value,
    key_kind || '|' || key_value as key_key
from keys
where key_value is not null
