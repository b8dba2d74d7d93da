-- Every signal that some rule of need, maturity or decision stage listens to. What matches a definition is decided once,
-- here in tagging; the rules join on signal_key by equality.
with

named_by_rules as (
    select signal_kind, signal, qualifier, measure_min from {{ ref('rul_scoring__need') }}
    union
    select signal_kind, signal, qualifier, measure_min from {{ ref('rul_maturity__evidence') }}
    union
    select signal_kind, signal, qualifier, measure_min from {{ ref('rul_maturity__stage_evidence') }}
)

select
    {{ signal_key('signal_kind', 'signal', 'qualifier', 'measure_min') }} as signal_key,
    signal_kind,
    signal,
    qualifier,
    measure_min
from named_by_rules
