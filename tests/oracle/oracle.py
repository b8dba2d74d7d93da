"""A second opinion on the score (R15): the same sums in plain Python, written from DESIGN 4 and 5 and docs/scoring.md, not from the SQL.

Slow, exact and without a database: whole numbers and fractions only. It starts where scoring starts, with what tagging knows of a lead,
and reads the rule rows itself. Points are milli-points (1 point = 1 000), ages are whole days, percentages are whole.

    score(lead, rules, as_of)

The ledger asks what a score would be with some inputs of yesterday and others of today (docs/scoring.md, "Why a score moved"): then the
rules, the ages and the silence each have a day of their own (`Days`), and the lead is told as that state sees it.

Where a test disagrees with it, one of the two is wrong; which one is for a person with the rules in hand to say.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

MILLI = 1000
DIMENSIONS = ("fit", "engagement", "need")
BANT_GROUPS = ("budget", "authority", "need", "timeline")


# --- What the oracle is told -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Touch:
    """One thing that happened between a lead and us, as it stood at the day-end. Automatic ones are left out by the caller."""

    occurred_on: date
    channel: str
    touch_type: str
    qualifiers: frozenset[str] = frozenset()
    measure: int | None = None
    is_our_attempt: bool = False


@dataclass(frozen=True)
class Fact:
    """Something known about the need: what kind, what, which, and when it was said (None: a state without a date)."""

    signal: str
    occurred_on: date | None


@dataclass(frozen=True)
class Lead:
    """Everything about one lead at one day-end that the score depends on."""

    segment: str
    tags: frozenset[tuple[str, str]] = frozenset()
    touches: tuple[Touch, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Days:
    """The days that a score depends on: whose rules, and up to when points age and silence lasts. At a day-end all three are the day."""

    rules: date
    age: date
    silence: date

    @classmethod
    def of(cls, as_of: date | Days) -> Days:
        return as_of if isinstance(as_of, Days) else cls(as_of, as_of, as_of)


@dataclass(frozen=True)
class Score:
    """What must stand in the marts, in thousandths."""

    fit_milli: int
    engagement_milli: int
    need_milli: int
    bant_milli: int
    score_milli: int
    score_min_milli: int
    score_max_milli: int
    unknown_tag_groups: str | None
    points_milli: dict[str, int] = field(compare=False, default_factory=dict)


# --- Arithmetic --------------------------------------------------------------------------------------------------------


def rounded(value: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    whole = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return whole if value >= 0 else -whole


@cache
def decay_millionths(age_days: int, half_life_days: int) -> int:
    """2^(-age / half life) in millionths, to the nearest one; 0 beyond ten half lives. Without floating point.

    n is the result when n - 1/2 <= 10^6 x 2^(-a/h) < n + 1/2. Doubled and raised to the power h, both sides are whole numbers.
    """
    if age_days > 10 * half_life_days:
        return 0
    scaled = (2 * 10**6) ** half_life_days
    low, high = 0, 10**6
    while low < high:
        middle = (low + high + 1) // 2
        if (2 * middle - 1) ** half_life_days * 2**age_days <= scaled:
            low = middle
        else:
            high = middle - 1
    return low


def aged(points: int, touches: int, half_life_days: int | None, age_days: int | None) -> int:
    """touches x points x decay in milli-points. No half life or no date: it doesn't age."""
    weight = 10**6 if half_life_days is None or age_days is None else decay_millionths(max(age_days, 0), half_life_days)
    return rounded(Fraction(touches * points * MILLI * weight, 10**6))


def capped(points_milli: int, cap_points: int | None) -> int:
    """At most the cap; at least the cap where it is negative."""
    if cap_points is None:
        return points_milli
    return max(points_milli, cap_points * MILLI) if cap_points < 0 else min(points_milli, cap_points * MILLI)


# --- Rules -------------------------------------------------------------------------------------------------------------


class Rules:
    """The rule rows of a seeds folder, read as text; `active` gives those in force on a day."""

    def __init__(self, seeds: Path):
        self.files = {
            name: _read(seeds / "rules" / "scoring" / f"rule_scoring__{name}.csv")
            for name in ("dimensions", "fit", "engagement", "engagement_patterns", "need", "bands")
        }
        self.files["segment"] = _read(seeds / "rules" / "tagging" / "rule_tagging__segment.csv")
        self.unknown_when_absent = {
            row["tag_group"] for row in _read(seeds / "vocabulary" / "tag_groups.csv") if row["absence_means"] == "unknown"
        }
        self._active: dict[tuple[str, date], list[dict]] = {}

    def active(self, name: str, as_of: date) -> list[dict]:
        """Of each rule id the newest version that has begun, unless it is retired."""
        if (name, as_of) not in self._active:
            newest: dict[str, dict] = {}
            for row in sorted(self.files[name], key=lambda row: row["valid_from"]):
                if row["valid_from"] <= as_of.isoformat():
                    newest[row["rule_id"]] = row
            self._active[name, as_of] = [row for row in newest.values() if row["status"] == "active"]
        return self._active[name, as_of]

    def dimensions(self, segment: str, as_of: date) -> dict[str, dict]:
        return {row["dimension"]: row for row in self.active("dimensions", as_of) if row["segment"] == segment}


def begins_or_ends(rules: Rules, day: date) -> bool:
    """Whether a version of a rule that decides about scores begins (and its predecessor ends) on a day."""
    return any(row["valid_from"] == day.isoformat() for file in rules.files.values() for row in file)


def _read(path: Path) -> list[dict]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [dict(row) for row in csv.DictReader(file)]


def _number(cell: str | None) -> int | None:
    return int(cell) if cell not in (None, "") else None


def _half_life(rule: dict, dimension: dict) -> int | None:
    """The rule's half life, stretched for the segment, in whole days and at least one."""
    days = _number(rule["half_life_days"])
    return None if days is None else max(rounded(Fraction(days * int(dimension["half_life_factor_pct"]), 100)), 1)


# --- Fit ---------------------------------------------------------------------------------------------------------------


def fit_points(lead: Lead, rules: Rules, as_of: date) -> int:
    """Each tag's points, then the cap of its group."""
    groups: dict[str, list[dict]] = defaultdict(list)
    for rule in rules.active("fit", as_of):
        if (rule["tag_group"], rule["tag"]) in lead.tags:
            groups[rule["tag_group"]].append(rule)
    return sum(capped(sum(int(r["points"]) for r in group) * MILLI, int(group[0]["group_cap"])) for group in groups.values())


def unknown_fit(lead: Lead, rules: Rules, as_of: date) -> tuple[list[str], int, int]:
    """The tag groups of which nothing is known, and the lowest and highest points that they could bring."""
    known = {group for group, _ in lead.tags}
    points: dict[str, list[int]] = defaultdict(list)
    caps: dict[str, int] = {}
    for rule in rules.active("fit", as_of):
        if rule["tag_group"] in rules.unknown_when_absent and rule["tag_group"] not in known:
            points[rule["tag_group"]].append(int(rule["points"]))
            caps[rule["tag_group"]] = int(rule["group_cap"])
    lowest = sum(capped(min(values) * MILLI, caps[group]) for group, values in points.items())
    highest = sum(capped(max(values) * MILLI, caps[group]) for group, values in points.items())
    return sorted(points), lowest, highest


# --- Engagement --------------------------------------------------------------------------------------------------------


def _meets(touch: Touch, rule: dict) -> bool:
    least = _number(rule["measure_min"])
    return (
        (touch.channel, touch.touch_type) == (rule["channel"], rule["touch_type"])
        and (not rule["qualifier"] or rule["qualifier"] in touch.qualifiers)
        and (least is None or (touch.measure is not None and touch.measure >= least))
    )


def engagement_points(lead: Lead, rules: Rules, days: Days, active_people: dict[int, int]) -> int:
    """Touches of a day (capped) x points x decay, the best of an exclusive group per day, the rule's cap; then patterns.

    active_people: by window in days, how many people of the lead's company were active.
    """
    dimension = rules.dimensions(lead.segment, days.rules)["engagement"]
    met: dict[tuple[str, date], int] = defaultdict(int)
    by_id = {rule["rule_id"]: rule for rule in rules.active("engagement", days.rules)}
    by_touch: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for rule in by_id.values():
        by_touch[rule["channel"], rule["touch_type"]].append(rule)
    for touch in lead.touches:
        for rule in by_touch.get((touch.channel, touch.touch_type), ()):
            if _meets(touch, rule):
                met[rule["rule_id"], touch.occurred_on] += 1

    # Of the rules of one exclusive group the best of the day counts; a tie goes to the smaller id.
    best: dict[tuple[date, str], tuple[int, str]] = {}
    for (rule_id, day), touches in sorted(met.items()):
        rule = by_id[rule_id]
        points = aged(
            int(rule["points"]), min(touches, int(rule["max_per_day"])), _half_life(rule, dimension), (days.age - day).days
        )
        group = day, rule["exclusive_group"] or rule_id
        if group not in best or points > best[group][0]:
            best[group] = points, rule_id

    sums: dict[str, int] = defaultdict(int)
    for points, rule_id in best.values():
        sums[rule_id] += points
    touched = sum(capped(points, _number(by_id[rule_id]["cap_points"])) for rule_id, points in sums.items())
    return touched + pattern_points(lead, rules, days, active_people, own_activity(lead, rules, days.rules))


def own_activity(lead: Lead, rules: Rules, as_of: date) -> list[tuple[date, str, int]]:
    """Day, channel and depth of what counts as the lead's own activity."""
    active: dict[tuple[str, str], list[dict]] = defaultdict(list)
    for rule in rules.active("engagement", as_of):
        if rule["is_activity"] == "1":
            active[rule["channel"], rule["touch_type"]].append(rule)
    return [
        (touch.occurred_on, touch.channel, int(rule["depth"] or 0))
        for touch in lead.touches
        for rule in active.get((touch.channel, touch.touch_type), ())
        if _meets(touch, rule)
    ]


def pattern_points(
    lead: Lead, rules: Rules, days: Days, active_people: dict[int, int], activity: list[tuple[date, str, int]]
) -> int:
    """Frequency, breadth, depth, people of the company, silence: of each group of patterns one row counts."""
    patterns = rules.active("engagement_patterns", days.rules)
    grace = int(rules.dimensions(lead.segment, days.rules)["engagement"]["inactivity_grace_days"])
    silences = [_number(rule["min_value"]) for rule in patterns if rule["metric"] == "days_since_last_activity"]
    last = max((day for day, _, _ in activity), default=None)

    def measured(rule: dict) -> int | None:
        metric, window = rule["metric"], _number(rule["window_days"])
        recent = [a for a in activity if window is not None and (days.age - a[0]).days < window]
        if metric == "active_days":
            return len({day for day, _, _ in recent}) or None
        if metric == "distinct_channels":
            return len({channel for _, channel, _ in recent}) or None
        if metric == "max_depth":
            return max((depth for _, _, depth in recent), default=None)
        if metric == "active_people_in_account":
            return active_people.get(window)
        if metric == "unanswered_outbound":
            attempts = [t for t in lead.touches if t.is_our_attempt and (days.age - t.occurred_on).days < window]
            return len(attempts) if attempts and not recent else None
        if metric == "days_since_last_activity":
            # The rows are written for the grace of the first one; another grace moves them all.
            return None if last is None else (days.silence - last).days - (grace - min(silences))
        raise ValueError(f"{rule['rule_id']}: the oracle doesn't know the metric {metric}")

    groups: dict[str, list[int]] = defaultdict(list)
    picks: dict[str, str] = {}
    for rule in patterns:
        value, least, most = measured(rule), _number(rule["min_value"]), _number(rule["max_value"])
        if value is not None and (least is None or value >= least) and (most is None or value <= most):
            groups[rule["pattern_group"]].append(int(rule["points"]))
            picks[rule["pattern_group"]] = rule["group_pick"]
    return sum((min if picks[group] == "lowest" else max)(points) for group, points in groups.items()) * MILLI


# --- Need --------------------------------------------------------------------------------------------------------------


def need_points(lead: Lead, rules: Rules, days: Days) -> dict[str, int]:
    """By group: of each kind of fact the freshest counts once, aged; then the group's cap."""
    dimension = rules.dimensions(lead.segment, days.rules)["need"]
    groups: dict[str, int] = defaultdict(int)
    caps: dict[str, int] = {}
    for rule in rules.active("need", days.rules):
        signal = "|".join((rule["signal_kind"], rule["signal"], rule["qualifier"], rule["measure_min"]))
        said_on = [fact.occurred_on for fact in lead.facts if fact.signal == signal]
        if said_on:
            freshest = max((day for day in said_on if day is not None), default=None)
            age = None if freshest is None else (days.age - freshest).days
            groups[rule["bant_group"]] += aged(int(rule["points"]), 1, _half_life(rule, dimension), age)
            caps[rule["bant_group"]] = int(rule["group_cap"])
    return {group: min(points, caps[group] * MILLI) for group, points in groups.items()}


# --- The score ---------------------------------------------------------------------------------------------------------


def scaled_and_weighted(points_milli: int, dimension: dict) -> tuple[int, int]:
    """Clamped to [floor, full marks], scaled to 0-100 000, then its share of the total."""
    full, floor = int(dimension["full_marks"]), int(dimension["floor_points"])
    clamped = max(min(points_milli, full * MILLI), floor * MILLI)
    scaled = rounded(Fraction(clamped * 100, full))
    return scaled, rounded(Fraction(scaled * int(dimension["weight_pct"]), 100))


def score(lead: Lead, rules: Rules, as_of: date | Days, active_people: dict[int, int] | None = None) -> Score:
    """The score of a lead at a day-end, and the range in which it may end up when the unknown becomes known."""
    days = Days.of(as_of)
    dimensions = rules.dimensions(lead.segment, days.rules)
    need = need_points(lead, rules, days)
    points = {
        "fit": fit_points(lead, rules, days.rules),
        "engagement": engagement_points(lead, rules, days, active_people or {}),
        "need": sum(need.values()),
    }
    scaled, weighted = {}, {}
    for name in DIMENSIONS:
        scaled[name], weighted[name] = scaled_and_weighted(points[name], dimensions[name])
    total = sum(weighted.values())
    unknown, lowest, highest = unknown_fit(lead, rules, days.rules)
    bounds = [
        total - weighted["fit"] + scaled_and_weighted(points["fit"] + more, dimensions["fit"])[1] for more in (lowest, highest)
    ]
    return Score(
        fit_milli=scaled["fit"],
        engagement_milli=scaled["engagement"],
        need_milli=scaled["need"],
        bant_milli=max(sum(need.get(group, 0) for group in BANT_GROUPS), 0),
        score_milli=total,
        score_min_milli=bounds[0],
        score_max_milli=bounds[1],
        unknown_tag_groups="|".join(unknown) or None,
        points_milli=points,
    )


def active_people_by_company(
    leads: dict[str, Lead], company_of: dict[str, str], rules: Rules, as_of: date | Days
) -> dict[str, dict[int, int]]:
    """By lead and window: how many people of its company had own activity in it."""
    on = Days.of(as_of)
    windows: Iterable[int] = {
        int(rule["window_days"])
        for rule in rules.active("engagement_patterns", on.rules)
        if rule["metric"] == "active_people_in_account"
    }
    people: dict[tuple[str, int], int] = defaultdict(int)
    for lead_id, company in company_of.items():
        days = [day for day, _, _ in own_activity(leads[lead_id], rules, on.rules)]
        for window in windows:
            people[company, window] += any((on.age - day).days < window for day in days)
    return {
        lead_id: {window: people[company, window] for window in windows if people[company, window]}
        for lead_id, company in company_of.items()
    }


# --- Segments and bands ------------------------------------------------------------------------------------------------


def segment_of(tags: frozenset[tuple[str, str]], headcount: int | None, rules: Rules, as_of: date) -> tuple[str, str] | None:
    """Segment and scope: the first rule (priority, then id) that holds; None where none does."""
    for rule in sorted(rules.active("segment", as_of), key=lambda row: (int(row["priority"]), row["rule_id"])):
        wanted = rule["argument"].split("|")
        holds = (
            rule["operator"] == "always"
            or (rule["operator"] == "in" and any(group == rule["metric"] and tag in wanted for group, tag in tags))
            or (rule["operator"] == "at_least" and rule["metric"] == "headcount" and headcount is not None and headcount >= int(wanted[0]))
        )
        if holds:
            return rule["segment"], "b2c" if rule["segment"] == "b2c" else "b2b"
    return None


def band_of(band_set: str, milli: int, rules: Rules, as_of: date) -> str | None:
    """The band from whose lower end, inclusive, to whose upper end the value lies."""
    for rule in rules.active("bands", as_of):
        if rule["band_set"] == band_set and int(rule["lower_pct"]) * MILLI <= milli < int(rule["upper_pct"]) * MILLI:
            return rule["band"]
    return None
