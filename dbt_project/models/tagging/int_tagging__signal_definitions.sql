-- Every signal that some rule of need, maturity or decision stage listens to. What matches a definition is decided once,
-- here in tagging; the rules join on signal_key by equality. Before the first rule that names it a signal is not heard.
with

named_by_rules as (
    select signal_kind, signal, qualifier, measure_min, valid_from from {{ ref('rul_scoring__need') }}
    union all
    select signal_kind, signal, qualifier, measure_min, valid_from from {{ ref('rul_maturity__evidence') }}
    union all
    select signal_kind, signal, qualifier, measure_min, valid_from from {{ ref('rul_maturity__stage_evidence') }}
)

select
    {{ signal_key('signal_kind', 'signal', 'qualifier', 'measure_min') }} as signal_key,
    signal_kind,
    signal,
    qualifier,
    measure_min,
    min(valid_from) as listened_from
from named_by_rules
group by signal_kind, signal, qualifier, measure_min
