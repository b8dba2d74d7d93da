"""The points waterfall of one lead: contributions by rule, then dimensions, then the total."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from orchestration.reporting.labels import Labels, RuleLabel
from orchestration.reporting.serving import Row

DIMENSIONS = ("fit", "engagement", "need")
# However long the list, each dimension shows as many of its rules one by one.
LEAST_ROWS = 4
KINDS = ("points", "exclusive", "rule_cap", "group_cap", "clamp", "rounding")


@dataclass
class Step:
    """One contribution; shares and running totals in milli-points of the total score.

    A cap of a group belongs to no rule: `subject` names the group.
    """

    kind: str
    rule: RuleLabel | None
    subject: str
    touches: int | None
    points_milli: int
    share_milli: int
    last_on: date | None
    start_milli: int = 0
    end_milli: int = 0
    folded: list[Step] = field(default_factory=list)


@dataclass
class Dimension:
    """The contributions of one dimension and what they come to."""

    code: str
    label: str
    steps: list[Step] = field(default_factory=list)
    full_marks: int | None = None
    weight_pct: int | None = None
    start_milli: int = 0
    end_milli: int = 0

    @property
    def points_milli(self) -> int:
        """Points of the dimension in its own marks, in thousandths."""
        return sum(step.points_milli for step in self.steps if step.kind != "rounding")

    @property
    def share_milli(self) -> int:
        """What the dimension brings to the total score."""
        return sum(step.share_milli for step in self.steps)


@dataclass
class Waterfall:
    """All dimensions of a lead; `low` and `high` bound every running total."""

    score_milli: int
    dimensions: list[Dimension]
    low: int
    high: int

    @property
    def sum_milli(self) -> int:
        """The plain sum of all shares."""
        return sum(dimension.share_milli for dimension in self.dimensions)

    @property
    def closes(self) -> bool:
        """Tell whether the shares add up to the published score."""
        return self.sum_milli == self.score_milli


def build_waterfall(
    contributions: Sequence[Row],
    score_milli: int,
    segment: str | None,
    labels: Labels,
    *,
    most_rows: int | None = None,
) -> Waterfall:
    """Order the contributions of one lead into a waterfall.

    With `most_rows`, rows without a share are left out and the smallest folded into one row per dimension;
    the sum stays what it was.
    """
    weights = _weights(labels, segment)
    names = [name for name in DIMENSIONS if any(row["dimension"] == name for row in contributions)]
    names += sorted({row["dimension"] for row in contributions} - set(DIMENSIONS))
    kept = _kept(contributions, most_rows)
    dimensions: list[Dimension] = []
    running, low, high = 0, 0, max(score_milli, 0)
    for name in names:
        weight = weights.get(name, {})
        steps = _steps(contributions, name, labels, kept, weight.get("rule_id"))
        dimension = Dimension(name, labels.term(name, "dimension"), steps)
        dimension.full_marks, dimension.weight_pct = weight.get("full_marks"), weight.get("weight_pct")
        dimension.start_milli = running
        for step in dimension.steps:
            step.start_milli = running
            running += step.share_milli
            step.end_milli = running
            low, high = min(low, running), max(high, running)
        dimension.end_milli = running
        dimensions.append(dimension)
    return Waterfall(score_milli, dimensions, low, high)


def _steps(
    contributions: Sequence[Row],
    dimension: str,
    labels: Labels,
    kept: set[int] | None,
    weight_rule: str | None,
) -> list[Step]:
    steps, folded = [], []
    for number, row in enumerate(contributions):
        if row["dimension"] != dimension:
            continue
        rule, subject = _source(row, labels, weight_rule)
        step = Step(
            kind=row["kind"],
            rule=rule,
            subject=subject,
            touches=row["touches"],
            points_milli=row["points_milli"] or 0,
            share_milli=row["score_share_milli"] or 0,
            last_on=row["last_occurred_on"],
        )
        (steps if kept is None or number in kept else folded).append(step)
    steps.sort(key=_order)
    shares = [step for step in folded if step.share_milli or step.points_milli]
    if shares:
        rest = Step(
            "more",
            None,
            "",
            None,
            sum(s.points_milli for s in shares if s.kind != "rounding"),
            sum(s.share_milli for s in shares),
            None,
            folded=sorted(shares, key=_order),
        )
        at = sum(step.kind == "points" for step in steps)
        steps.insert(at, rest)
    return steps


def _source(row: Row, labels: Labels, weight_rule: str | None) -> tuple[RuleLabel | None, str]:
    if row["rule_key"]:
        rule = labels.rule(row["rule_key"], row["rule_id"])
        return rule, rule.label
    if row["kind"] == "group_cap":
        return None, labels.term(row["rule_id"], "tag_group", "bant_group")
    # Limits and rounding follow from the row that sets full marks and weight.
    return (labels.rule(None, weight_rule) if weight_rule else None), ""


def _order(step: Step) -> tuple[int, int, int, str]:
    kind = KINDS.index(step.kind) if step.kind in KINDS else len(KINDS)
    losing = 1 if step.kind == "points" and step.share_milli < 0 else 0
    return kind, losing, -abs(step.share_milli), step.rule.rule_key if step.rule else ""


def _kept(contributions: Sequence[Row], most_rows: int | None) -> set[int] | None:
    if most_rows is None:
        return None
    with_share = [number for number, row in enumerate(contributions) if row["score_share_milli"]]
    # Adjustments stay visible whatever their size: they are why the rules above them do not simply add up.
    kept = {number for number in with_share if contributions[number]["kind"] != "points"}
    ranked = sorted(set(with_share) - kept, key=lambda n: (-abs(contributions[n]["score_share_milli"]), n))
    by_dimension: dict[str, list[int]] = {}
    for number in ranked:
        by_dimension.setdefault(contributions[number]["dimension"], []).append(number)
    for numbers in by_dimension.values():
        kept.update(numbers[:LEAST_ROWS])
    kept.update([number for number in ranked if number not in kept][: max(most_rows - len(kept), 0)])
    for numbers in by_dimension.values():
        folded = [number for number in numbers if number not in kept]
        if len(folded) == 1:
            kept.update(folded)
    return kept


def _weights(labels: Labels, segment: str | None) -> dict[str, Row]:
    rows = [row for row in labels.rules_of("scoring__dimensions") if row.get("dimension")]
    own = [row for row in rows if row.get("segment") == (segment or "default")]
    return {row["dimension"]: row for row in own or [row for row in rows if row.get("segment") == "default"]}
