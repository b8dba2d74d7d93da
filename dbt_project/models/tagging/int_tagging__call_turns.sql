-- Only what the customer said counts as a fact (R34): a turn begins with the speaker, one turn a line.
-- A transcript that arrives after its call is a later version of the activity and holds from then on.
with

versions as (
    select
        record_key,
        feed,
        replace(transcript, chr(13), '') as transcript,
        is_deleted,
        occurred_on,
        known_on,
        row_number() over (
            partition by record_key, known_on order by known_at desc, delivery_id desc, delivery_row desc
        ) as version_rank
    from {{ ref('stg_sales__activities') }}
),

transcripts as (
    select
        versions.*,
        coalesce(
            lead(known_on) over (partition by record_key order by known_on), cast('9999-12-31' as date)
        ) as superseded_on
    from versions
    where version_rank = 1
),

turns as (
    select
        transcripts.record_key,
        transcripts.feed,
        transcripts.occurred_on,
        transcripts.known_on,
        transcripts.superseded_on,
        turns.turn_text
    from transcripts, {{ split_rows('transcripts.transcript', 'chr(10)') }} as turns(turn_text)
    where transcripts.transcript is not null and not transcripts.is_deleted
)

select
    record_key,
    feed,
    occurred_on,
    known_on,
    superseded_on,
    trim({{ regex_replace('turn_text', "'^[ ]*(客户|Customer|customer)[ ]*[:：][ ]*'", "''") }}) as quote
from turns
where {{ regex_matches('turn_text', "'^[ ]*(客户|Customer|customer)[ ]*[:：]'") }}
