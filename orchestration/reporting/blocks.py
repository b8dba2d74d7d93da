"""What a section of the periodic report is made of: tables, charts, sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from orchestration.reporting.labels import Labels, RuleLabel, formula_safe

Cell = str | Markup


@dataclass(frozen=True)
class Column:
    """The head of a column; `kind` is its style class: name, chart, n (number), wide, empty for text."""

    label: str
    kind: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under heads; the first cell of a row is its head. `keep`: never torn between two pages."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    style: str = ""
    foot: Sequence[Cell] = ()
    keep: bool = False


@dataclass(frozen=True)
class Section:
    """Blocks in order: (kind, content); kinds are h3, p, small, empty, chart, legend, table and finding."""

    id: str
    title: str
    blocks: list[tuple[str, Any]] = field(default_factory=list)
    starts_page: bool = False

    def add(self, kind: str, content: Any) -> Section:
        """Append a block when there is something in it."""
        if content:
            self.blocks.append((kind, content))
        return self


def name(text: str | None, labels: Labels) -> Markup:
    """A name of people, companies, campaigns or files, which no language translates."""
    return Markup('<span translate="no">{}</span>').format(formula_safe(text or labels.text("report.none")))


def lead(row: dict[str, Any], labels: Labels) -> Markup:
    """A lead by name and company, with its id."""
    person = formula_safe(row["person_name"] or labels.text("story.unnamed"))
    company = formula_safe(row["company_name"] or "")
    return Markup(
        '<span translate="no"><b>{}</b> <span class="muted">{}</span> <span class="lid">{}</span></span>'
    ).format(person, company, row["lead_id"])


def rule(found: RuleLabel) -> Markup:
    """A rule by its id and label."""
    label = "" if found.label == found.rule_id else found.label
    return Markup('<span class="rule"><span class="rid" translate="no">{}</span> {}</span>').format(
        found.rule_id, label
    )


def nowrap(shown: str) -> Markup:
    """What stays on one line."""
    return Markup('<span class="nowrap">{}</span>').format(shown)


def score(row: dict[str, Any], labels: Labels) -> Cell:
    """The score of a lead with its band."""
    if row["score"] is None:
        return labels.text("report.none")
    return Markup('{} <span class="band" translate="no">{}</span>').format(row["score"], row["band"])


def moved(now: int | None, before: int | None, labels: Labels) -> Markup:
    """The change of a whole number, with an arrow that does not depend on colour."""
    if now is None or before is None:
        return Markup('<span class="muted">{}</span>').format(labels.text("report.none"))
    return Markup('<span class="moved">{}</span>').format(labels.signed(now - before))


def money(fen: int | None, labels: Labels) -> str:
    """An amount of fen as whole yuan, rounded half up."""
    return labels.text("report.none") if fen is None else f"¥{(fen + 50) // 100:,}"
