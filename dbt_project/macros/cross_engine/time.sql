{# Time. Timestamps are UTC without zone; "local" means var('business_timezone'), or `zone`, an expression such as a column
   that holds Asia/Shanghai.
   duckdb: timezone(), between which the instant is rebuilt from its microseconds, at a third of the cost of a second
   timezone(); spark: from_utc_timestamp / to_utc_timestamp. #}

{% macro business_zone() %}'{{ var("business_timezone") }}'{% endmacro %}

{% macro local_time(utc, zone=none) %}{{ return(adapter.dispatch('local_time', 'leadhouse')(utc, zone or business_zone())) }}{% endmacro %}
{% macro duckdb__local_time(utc, zone) %}timezone({{ zone }}, make_timestamptz(epoch_us({{ utc }}))){% endmacro %}
{% macro spark__local_time(utc, zone) %}from_utc_timestamp({{ utc }}, {{ zone }}){% endmacro %}

{% macro utc_time(local, zone=none) %}{{ return(adapter.dispatch('utc_time', 'leadhouse')(local, zone or business_zone())) }}{% endmacro %}
{% macro duckdb__utc_time(local, zone) %}make_timestamp(epoch_us(timezone({{ zone }}, {{ local }}))){% endmacro %}
{% macro spark__utc_time(local, zone) %}to_utc_timestamp({{ local }}, {{ zone }}){% endmacro %}

{# The business day on which a UTC instant falls. occurred_on <= as_of_date is the same as occurred_at < as_of. #}
{% macro business_date(utc) %}cast({{ local_time(utc) }} as date){% endmacro %}

{# The end of a business day, UTC: the first instant of the next one. #}
{% macro day_end_at(date) %}{{ utc_time('cast(' ~ add_days(date, 1) ~ ' as timestamp)') }}{% endmacro %}

{# The first day-end that sees what became known at a UTC instant: before cutoff_hour it still counts for yesterday.
   known_on <= as_of_date is the same as known_at < known_until (DESIGN 3). #}
{% macro knowledge_date(utc) %}cast({{ add_hours(local_time(utc), '-' ~ var('cutoff_hour')) }} as date){% endmacro %}

{% macro add_hours(ts, n) %}{{ return(adapter.dispatch('add_hours', 'leadhouse')(ts, n)) }}{% endmacro %}
{% macro duckdb__add_hours(ts, n) %}({{ ts }} + to_hours(cast({{ n }} as bigint))){% endmacro %}
{% macro spark__add_hours(ts, n) %}timestampadd(HOUR, {{ n }}, {{ ts }}){% endmacro %}

{# A date n days later; n may be an expression. #}
{% macro add_days(d, n) %}{{ return(adapter.dispatch('add_days', 'leadhouse')(d, n)) }}{% endmacro %}
{% macro duckdb__add_days(d, n) %}(cast({{ d }} as date) + cast({{ n }} as integer)){% endmacro %}
{% macro spark__add_days(d, n) %}date_add(cast({{ d }} as date), cast({{ n }} as int)){% endmacro %}

{# Whole days from the first date to the second. #}
{% macro days_between(from_date, to_date) %}{{ return(adapter.dispatch('days_between', 'leadhouse')(from_date, to_date)) }}{% endmacro %}
{% macro duckdb__days_between(from_date, to_date) %}cast(date_diff('day', cast({{ from_date }} as date), cast({{ to_date }} as date)) as bigint){% endmacro %}
{% macro spark__days_between(from_date, to_date) %}cast(datediff(cast({{ to_date }} as date), cast({{ from_date }} as date)) as bigint){% endmacro %}

{# Whole seconds from the first instant to the second. #}
{% macro seconds_between(from_ts, to_ts) %}{{ return(adapter.dispatch('seconds_between', 'leadhouse')(from_ts, to_ts)) }}{% endmacro %}
{% macro duckdb__seconds_between(from_ts, to_ts) %}cast(epoch({{ to_ts }}) - epoch({{ from_ts }}) as bigint){% endmacro %}
{% macro spark__seconds_between(from_ts, to_ts) %}(unix_timestamp({{ to_ts }}) - unix_timestamp({{ from_ts }})){% endmacro %}

{# Seconds added to an instant. #}
{% macro add_seconds(ts, n) %}{{ return(adapter.dispatch('add_seconds', 'leadhouse')(ts, n)) }}{% endmacro %}
{% macro duckdb__add_seconds(ts, n) %}({{ ts }} + to_seconds(cast({{ n }} as bigint))){% endmacro %}
{% macro spark__add_seconds(ts, n) %}timestampadd(SECOND, {{ n }}, {{ ts }}){% endmacro %}

{# 1 = Monday … 7 = Sunday. #}
{% macro iso_weekday(d) %}{{ return(adapter.dispatch('iso_weekday', 'leadhouse')(d)) }}{% endmacro %}
{% macro duckdb__iso_weekday(d) %}cast(isodow({{ d }}) as bigint){% endmacro %}
{% macro spark__iso_weekday(d) %}cast(weekday({{ d }}) + 1 as bigint){% endmacro %}

{# A SELECT item that repeats each row of the FROM once per day, both ends included; to_date is never before from_date. #}
{% macro each_day(from_date, to_date) %}{{ return(adapter.dispatch('each_day', 'leadhouse')(from_date, to_date)) }}{% endmacro %}
{% macro duckdb__each_day(from_date, to_date) %}cast(unnest(generate_series(cast({{ from_date }} as timestamp), cast({{ to_date }} as timestamp), to_days(1))) as date){% endmacro %}
{% macro spark__each_day(from_date, to_date) %}explode(sequence(cast({{ from_date }} as date), cast({{ to_date }} as date))){% endmacro %}

{# A FROM item with one row per day, both ends included; column `date_day`. #}
{% macro date_spine(from_date, to_date) %}{{ return(adapter.dispatch('date_spine', 'leadhouse')(from_date, to_date)) }}{% endmacro %}
{% macro duckdb__date_spine(from_date, to_date) %}(select cast(unnest(generate_series(cast({{ from_date }} as timestamp), cast({{ to_date }} as timestamp), to_days(1))) as date) as date_day){% endmacro %}
{% macro spark__date_spine(from_date, to_date) %}(select explode(sequence(cast({{ from_date }} as date), cast({{ to_date }} as date))) as date_day){% endmacro %}
