-- Random draws without a random generator: md5 of (seed, purpose, id), read as eight 16-bit integers.
-- The same on every version, thread count and row order; integers only.
create macro rnd(id, purpose) as md5(getvariable('seed') || ':' || purpose || ':' || id);
create macro draw(r, k) as cast('0x' || substr(r, 1 + 4 * k, 4) as bigint);
create macro pick(r, k, n) as draw(r, k) * n // 65536;
-- Sum of three draws, spread to a bell over 0..99.
create macro bell(r) as least(99, greatest(0, (pick(r, 0, 100) + pick(r, 1, 100) + pick(r, 2, 100) - 48) // 2));

-- The calendar: weekdays that are not holidays are working days; next_work is the first one on or after the day.
create table days as
with spine as (
    select cast(unnest(generate_series(
        cast(getvariable('first_day') as timestamp) - to_days(400),
        cast(getvariable('last_day') as timestamp) + to_days(400), to_days(1))) as date) as d
),
marked as (
    select s.d, isodow(s.d) < 6 and h.from_date is null as is_work
    from spine s
    left join w_holidays h on s.d between cast(h.from_date as date) and cast(h.to_date as date)
)
select d, is_work,
    min(case when is_work then d end) over (order by d rows between current row and unbounded following) as next_work
from marked;

-- An hour of the day from a draw: office hours mostly, a little at lunch and in the evening.
create macro office_seconds(r, k) as
    [9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 13, 14, 14, 14, 15, 15, 15, 16, 16, 17][1 + pick(r, k, 20)] * 3600
    + draw(r, k) % 3600;
create macro any_seconds(r, k) as
    [8, 9, 9, 10, 10, 11, 11, 12, 13, 14, 14, 15, 15, 16, 16, 17, 19, 20, 21, 22][1 + pick(r, k, 20)] * 3600
    + draw(r, k) % 3600;
create macro at_seconds(day, seconds) as cast(day as timestamp) + to_seconds(cast(seconds as bigint));
create macro day_after(day, n) as cast(day as date) + cast(n as integer);
create macro percent_between(low, high, position) as low + (high - low) * position // 99;
