"""Measure how well the detector of series finds planted shifts: the macro that the warehouse runs.

    .venv/bin/python benchmarks/anomaly_quality.py            # five held-out seeds: docs/quality.md
    .venv/bin/python benchmarks/anomaly_quality.py --tuning   # the seeds that the rule was tuned on
    .venv/bin/python benchmarks/anomaly_quality.py --stl      # also STL, at the same number of alerts

A seed makes 60 series of counts with a mean of 50 to 500 a day: a weekday pattern, growth, noise that is
more than chance and partly stays for days, Chinese holidays and make-up workdays, a slow week on either side
of the Spring Festival, campaign days that are over the next day. Into them shifts are planted, half of 40 to
90 %, half of 3 to 6 trailing MAD of the daily residual (15 % at least), each for 3 to 21 days or, one in
seven, for good, up or down.

Counted is per alert episode. An alert finds a shift when it opens in its direction on a day of the shift or
one of the two days after it. A second alert in the same shift is false, and so is one about the way back.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import duckdb
import jinja2
import pyarrow as pa

ROOT = Path(__file__).resolve().parents[1]
MACROS = ROOT / "dbt_project" / "macros"
RULES = ROOT / "seeds" / "rules"
TUNING, HELD_OUT = (1, 2, 3, 4, 5), (101, 102, 103, 104, 105)
FIRST_DAY, DAYS, WARM_UP = date(2025, 2, 1), 510, 150
SERIES = 60
GRACE_DAYS = 2
POLICY = "ANO-101"
NUMBERS = (
    "season_days", "baseline_seasons", "spread_days", "spread_lag_days", "window_days", "max_day_pct",
    "min_volume", "enter_milli", "leave_milli", "stay_days", "min_change_pct",
)  # fmt: skip


@dataclass(frozen=True)
class Shift:
    """A planted shift: days are counted from FIRST_DAY, `to` is exclusive."""

    series: int
    since: int
    to: int
    factor: float

    @property
    def direction(self) -> int:
        """1 up, -1 down."""
        return 1 if self.factor > 1 else -1


@dataclass(frozen=True)
class Alert:
    """An episode: the day on which it opened."""

    series: int
    direction: int
    opened: int


@dataclass
class Figures:
    """What the alerts of some seeds are worth."""

    shifts: int = 0
    found: int = 0
    alerts: int = 0
    false: int = 0
    weeks: float = 0
    delays: list[int] | None = None

    @property
    def precision(self) -> float:
        """Share of the alerts that are about a shift."""
        return self.found / max(self.alerts, 1)

    @property
    def recall(self) -> float:
        """Share of the shifts that were found."""
        return self.found / max(self.shifts, 1)

    def row(self, name: str) -> str:
        """Return a row of the table in docs/quality.md."""
        delays = sorted(self.delays or [0])
        late = delays[int(0.9 * (len(delays) - 1))]
        return (
            f"| {name} | {self.shifts} | {self.alerts} | {self.found} "
            f"| {self.precision:.3f} | {self.recall:.3f} "
            f"| {statistics.median(delays):g} (9 of 10: {late}) | {self.false / self.weeks:.2f} |"
        )


def calendar() -> dict[date, str]:
    """Return holidays and make-up workdays of the shipped calendar."""
    with (RULES / "sla" / "rule_sla__holidays.csv").open(encoding="utf-8") as stream:
        return {date.fromisoformat(row["calendar_date"]): row["day_kind"] for row in csv.DictReader(stream)}


def policy() -> dict[str, object]:
    """Return the numbers of the shipped rule for volumes."""
    with (RULES / "anomaly" / "rule_anomaly__series.csv").open(encoding="utf-8") as stream:
        rows = [
            row for row in csv.DictReader(stream) if row["rule_id"] == POLICY and row["status"] == "active"
        ]
    newest = max(rows, key=lambda row: row["valid_from"])
    return {"noise": newest["noise"]} | {name: int(newest[name]) for name in NUMBERS}


def generate(seed: int) -> tuple[list[list[int]], list[Shift]]:
    """Return SERIES lists of DAYS counts and the shifts planted into them; equal for equal seeds."""
    chance = random.Random(seed)
    special = calendar()
    days = [FIRST_DAY + timedelta(days=n) for n in range(DAYS)]
    festivals = [
        n
        for n, day in enumerate(days)
        if special.get(day) == "holiday" and day.month in (1, 2) and day.day > 5
    ]
    rows, shifts = [], []
    for series in range(SERIES):
        mean = math.exp(chance.uniform(math.log(60), math.log(500)))
        weekend = chance.uniform(0.15, 1.1)
        weekdays = [chance.uniform(0.9, 1.1) for _ in range(5)] + [
            weekend * chance.uniform(0.9, 1.1) for _ in range(2)
        ]
        level = sum(weekdays) / 7
        growth = chance.uniform(-0.2, 0.4)
        noise, drift = chance.uniform(0.05, 0.18), chance.uniform(0.02, 0.08)
        holiday = chance.uniform(0.15, 0.6)
        expected, lasting = [], 0.0
        for n, day in enumerate(days):
            kind = special.get(day)
            share = weekdays[day.weekday()] / level
            if kind == "holiday":
                share = holiday * weekdays[5] / level
            elif kind == "make_up":
                share = weekdays[2] / level
            elif festivals and (
                festivals[0] - 5 <= n < festivals[0] or festivals[-1] < n <= festivals[-1] + 5
            ):
                share *= 0.85
            lasting = 0.8 * lasting + 0.6 * chance.gauss(0, drift)
            campaign = chance.uniform(1.5, 2.5) if chance.random() < 1 / 120 else 1
            level_today = (
                mean * (1 + growth * n / 365) * share * math.exp(lasting + chance.gauss(0, noise)) * campaign
            )
            expected.append(level_today)
        own = planted(chance, series, mean, noise, drift)
        counts = []
        for n, level_today in enumerate(expected):
            for shift in own:
                if shift.since <= n < shift.to:
                    level_today *= shift.factor
            counts.append(max(0, round(chance.gauss(level_today, math.sqrt(level_today)))))
        rows.append(counts)
        shifts += own
    return rows, shifts


def planted(chance: random.Random, series: int, mean: float, noise: float, drift: float) -> list[Shift]:
    """Return the shifts of one series: two a year on average, at least 63 days between them."""
    deviation = math.sqrt(noise**2 + drift**2 + 1 / mean)
    mad = deviation / 1.4826
    shifts, day = [], WARM_UP + chance.randrange(120)
    while day < DAYS - 21:
        if chance.random() < 0.5:
            size, length = chance.uniform(0.4, 0.9), chance.randint(3, 21)
        else:
            size, length = min(max(chance.uniform(3, 6) * mad, 0.15), 0.9), chance.randint(3, 21)
        if chance.random() < 0.15:
            length = DAYS - day
        factor = 1 + size if chance.random() < 0.5 else 1 - min(size, 0.95)
        shifts.append(Shift(series, day, day + length, factor))
        day += length + 63 + chance.randrange(160)
    return shifts


def macro() -> Callable[..., str]:
    """Return the shipped macro, rendered for DuckDB without a dbt project around it."""
    names = ("rules/series_shifts.sql", "cross_engine/time.sql", "cross_engine/values.sql")
    source = "\n".join((MACROS / name).read_text(encoding="utf-8") for name in names)
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals["return"] = lambda value: value
    environment.globals["adapter"] = SimpleNamespace(
        dispatch=lambda name, _package: getattr(module, f"duckdb__{name}")
    )
    module = environment.from_string(source).module
    return module.series_shifts


def detect(rows: list[list[int]], numbers: dict[str, object]) -> list[Alert]:
    """Run the macro over all series and days at once; an episode begins where it says so."""
    con = duckdb.connect(config={"threads": 2})
    days = pa.array([FIRST_DAY + timedelta(days=n) for n in range(DAYS)])
    con.register("days", pa.table({"day_no": list(range(DAYS)), "date_day": days}))
    special = calendar()
    con.register("days_off", pa.table({"date_day": pa.array(list(special), pa.date32())}))
    con.register("counts", pa.table({
        "series_key": [series for series in range(len(rows)) for _ in range(DAYS)],
        "day_no": list(range(DAYS)) * len(rows),
        "amount": [amount for counts in rows for amount in counts],
    }))  # fmt: skip
    constants = ", ".join(f"{number!r} as {name}" for name, number in numbers.items())
    con.execute(
        f"""create temp table series as
        select series_key, date_day, amount, cast(1 as bigint) as weight, {constants}
        from counts inner join days using (day_no)"""
    )
    found = con.execute(
        f"""
        select distinct series_key, direction, date_diff('day', date '{FIRST_DAY}', off_since_on)
        from ({macro()("series", ["series_key"], "days_off")}) where is_off
        order by all
        """
    ).fetchall()
    return [Alert(*row) for row in found if row[2] >= WARM_UP]


def count(shifts: Iterable[Shift], alerts: Iterable[Alert], figures: Figures) -> None:
    """Add the shifts and alerts of one seed to the figures."""
    by_series: dict[tuple[int, int], list[Shift]] = defaultdict(list)
    for shift in shifts:
        by_series[shift.series, shift.direction].append(shift)
        figures.shifts += 1
    found: set[Shift] = set()
    figures.delays = figures.delays if figures.delays is not None else []
    for alert in sorted(alerts, key=lambda alert: (alert.series, alert.opened, alert.direction)):
        figures.alerts += 1
        about = [
            shift
            for shift in by_series[alert.series, alert.direction]
            if shift.since <= alert.opened < shift.to + GRACE_DAYS and shift not in found
        ]
        if about:
            found.add(about[0])
            figures.found += 1
            figures.delays.append(alert.opened - about[0].since)
        else:
            figures.false += 1
    figures.weeks += (DAYS - WARM_UP) / 7


def div_round(number: int, divisor: int) -> int:
    """Divide whole numbers, half away from zero, as the warehouse does."""
    sign = 1 if number >= 0 else -1
    return sign * ((2 * abs(number) + divisor) // (2 * divisor))


def judged_days() -> list[int]:
    """Return the days that are judged: all but holidays and make-up workdays."""
    special = calendar()
    return [n for n in range(DAYS) if FIRST_DAY + timedelta(days=n) not in special]


def weekday_medians(counts: list[int], days: list[int], seasons: int) -> dict[int, int]:
    """Return what is usual on each day, in millionths: the median of the same weekday of the last weeks."""
    usual, seen = {}, defaultdict(list)
    for n in days:
        same = seen[(FIRST_DAY + timedelta(days=n)).weekday()]
        if len(same) >= seasons:
            usual[n] = half_away(statistics.median(same[-seasons:]))
        same.append(1_000_000 * counts[n])
    return usual


def half_away(number: float) -> int:
    """Round a number that is whole or a half."""
    return math.floor(number + 0.5) if number >= 0 else -math.floor(0.5 - number)


def stl_expectations(counts: list[int], days: list[int], span: int = 112) -> dict[int, int]:
    """Return what STL expects of each day from those before it: the last trend, the season of a week ago."""
    from statsmodels.tsa.seasonal import STL

    filled = list(counts)
    for n in sorted(set(range(DAYS)) - set(days)):
        filled[n] = filled[n - 7] if n >= 7 else filled[n]
    usual = {}
    for n in days:
        if n >= span:
            fit = STL(filled[n - span : n], period=7, robust=True).fit(inner_iter=1, outer_iter=2)
            usual[n] = max(0, round(1_000_000 * (fit.trend[-1] + fit.seasonal[-7])))
    return usual


def walk(
    counts: list[int], days: list[int], usual: dict[int, int], numbers: dict[str, int]
) -> list[tuple[int, int]]:
    """Go through a series day by day; return (direction, day) of each alert, as the macro must."""
    known = [n for n in days if n in usual]
    window, alerts = numbers["window_days"], []
    excesses: list[tuple[int, int, int, int]] = []
    raw = [1_000_000 * counts[n] - usual[n] for n in known]
    cut = []
    for i, n in enumerate(known):
        most = div_round(usual[n] * numbers["max_day_pct"], 100)
        before = raw[i - 1] if i else 0
        cut.append(min(max(raw[i], -max(most, -before)), max(most, before)))
    # The first day only starts the running sums.
    for i in range(window, len(known)):
        last = known[i - window + 1 : i + 1]
        level = sum(usual[n] for n in last)
        volume = max(sum(counts[n] for n in last), div_round(level, 1_000_000))
        excesses.append(
            (known[i], div_round(sum(cut[i - window + 1 : i + 1]), window), div_round(level, window), volume)
        )
    is_off, calm = {1: False, -1: False}, {1: 0, -1: 0}
    lag, span = numbers["spread_lag_days"], numbers["spread_days"]
    for i, (n, excess, level, volume) in enumerate(excesses):
        sizes = [abs(other[1]) for other in excesses[max(i - lag - span, 0) : max(i - lag, 0)]]
        if 2 * len(sizes) < span:
            continue
        spread = div_round(half_away(statistics.median(sizes)) * 14826, 10000)
        least = max(level, div_round(1_000_000, window))
        spread = max(spread, math.floor(math.sqrt(1_000_000 * least / window)), 1)
        score = div_round(1000 * excess, spread)
        for direction in (1, -1):
            calm[direction] = 0 if direction * score >= numbers["leave_milli"] else calm[direction] + 1
            if calm[direction] == numbers["stay_days"]:
                is_off[direction] = False
            if (
                direction * score >= numbers["enter_milli"]
                and 100 * direction * excess >= numbers["min_change_pct"] * level
                and volume >= numbers["min_volume"]
                and level > 0
            ):
                if not is_off[direction]:
                    alerts.append((direction, n))
                is_off[direction] = True
    return alerts


def stl_alerts(usual: list[dict[int, int]], rows: list[list[int]], numbers: dict[str, int]) -> list[Alert]:
    """Return the alerts of a seed when STL says what is usual and everything else is as in the warehouse."""
    days = judged_days()
    return [
        Alert(series, direction, opened)
        for series, counts in enumerate(rows)
        for direction, opened in walk(counts, days, usual[series], numbers)
        if opened >= WARM_UP
    ]


def compare_with_stl(seeds: Iterable[int], numbers: dict[str, int], budget: int) -> tuple[Figures, float]:
    """Return the figures of STL at the line where it raises as many alerts as the warehouse, and it."""
    data = [generate(seed) for seed in seeds]
    days = judged_days()
    usual = [[stl_expectations(counts, days) for counts in rows] for rows, _ in data]
    low, high = 500, 20_000
    while high - low > 10:
        line = (low + high) // 2
        tried = numbers | {"enter_milli": line}
        alerts = sum(
            len(stl_alerts(known, rows, tried)) for known, (rows, _) in zip(usual, data, strict=True)
        )
        low, high = (line, high) if alerts > budget else (low, line)
    figures = Figures()
    for known, (rows, shifts) in zip(usual, data, strict=True):
        count(shifts, stl_alerts(known, rows, numbers | {"enter_milli": high}), figures)
    return figures, high / 1000


def figures_of(seeds: Iterable[int], numbers: dict[str, object]) -> Figures:
    """Return what the detector of the warehouse is worth on some seeds."""
    figures = Figures()
    for seed in seeds:
        rows, shifts = generate(seed)
        count(shifts, detect(rows, numbers), figures)
    return figures


def main() -> None:
    """Print one row per detector."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--tuning", action="store_true", help="the seeds that the rule was tuned on")
    options.add_argument("--stl", action="store_true", help="also STL; needs the extra bench (statsmodels)")
    asked = options.parse_args()
    seeds, numbers = (TUNING if asked.tuning else HELD_OUT), policy()
    print(
        "| detector | shifts | alerts | shifts found | precision | recall "
        "| days to detect | false alerts a week |\n"
        "|---|---|---|---|---|---|---|---|"
    )
    figures = figures_of(seeds, numbers)
    print(figures.row(f"rule {POLICY}"), flush=True)
    if asked.stl:
        try:
            stl, line = compare_with_stl(seeds, numbers, figures.alerts)
        except ModuleNotFoundError as error:
            raise SystemExit("--stl needs statsmodels: pip install 'leadhouse[bench]'") from error
        print(stl.row(f"STL, line {line:g} spreads"))


if __name__ == "__main__":
    main()
