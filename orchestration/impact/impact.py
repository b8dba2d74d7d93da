"""The effect of a change before it is merged: base and working tree on the same deliveries, on one page."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.comparison.compare import compare
from orchestration.house import House
from orchestration.impact.page import render
from orchestration.impact.sides import Built, build_base, build_head, day_of_change, rules_of
from orchestration.impact.worktree import commit_of, default_base, worktree
from orchestration.lock import house_lock
from orchestration.paths import paths
from orchestration.preflight import require_rules
from orchestration.publishing.manifest import last_publication
from orchestration.warehouse.day_ends import LakeState, day_end_to_compute
from orchestration.warehouse.storage import replacing

MOVERS = 15


class ImpactError(Exception):
    """There is nothing to compare; the message says why and what to do."""


@dataclass(frozen=True)
class Impact:
    """The page, as files, and the figures on it."""

    markdown: Path
    html: Path
    leads_file: Path
    figures: dict[str, Any]


def impact(
    house: House,
    base: str | None = None,
    out: Path | None = None,
    as_of: date | None = None,
    rules_as_of: date | None = None,
    threads: int | None = None,
) -> Impact:
    """Compare the working tree with a Git reference and write the page.

    Args:
        house: project, state and own rules; its lake must have deliveries.
        base: branch, tag or commit; None: origin/main, else main.
        out: the Markdown file, the HTML beside it; None: `LEADHOUSE_HOME/impact/impact.md`.
        as_of: the day-end; None: the published one, else the last one that the lake completes.
        rules_as_of: the rules in force on this date, on both sides; None: those of the day-end, or of the
            first day on which all rule versions hold that differ and begin later.
        threads: how many models at once; None: LEADHOUSE_THREADS, else by size.

    Raises:
        PreflightError: there are mistakes in the rules of the working tree.
        ImpactError: the lake is empty.
        BaseError: the reference cannot be checked out.
        NotComparableError: the base has no mart that the page reads.
        HouseIsBusyError: another process is writing.
        RebuildError, DbtFailedError: a model could not be built.
    """
    require_rules(house)
    ref = base or default_base(house.root)
    commit = commit_of(house.root, ref)
    folder = paths(house.home).impact
    markdown = out or folder / "impact.md"
    with house_lock(house.home, "leadhouse impact"):
        day = as_of or _day_end(house)
        work = folder / "work"
        try:
            with worktree(house.root, commit) as tree:
                seeds = rules_of(house, tree, work)
                rules_day = rules_as_of or day_of_change(seeds, house.seeds_dir, day)
                head, head_dbt = build_head(house, work, day, rules_day, threads)
                before = build_base(house, tree, seeds, work, head, head_dbt, threads)
            leads_file = markdown.with_suffix(".parquet")
            figures = _figures(before, head, day, leads_file)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    figures["base"] = {"ref": ref, "commit": commit, "how": before.how}
    figures["head"] = {"commit": head.inputs.git_commit, "how": head.how}
    figures["day_end"], figures["rules_as_of"] = day, rules_day
    html = markdown.with_suffix(".html")
    _write(markdown, render("impact.md.j2", figures))
    _write(html, render("impact.html.j2", figures))
    return Impact(markdown, html, leads_file, figures)


def _day_end(house: House) -> date:
    published = last_publication(house.home)
    if published:
        return date.fromisoformat(published.inputs.as_of_date)
    receipts = paths(house.home).receipts
    lake = LakeState.read(house.home) if any(receipts.glob("*/*.parquet")) else LakeState(None, None)
    day = day_end_to_compute(lake, house.settings)
    if day is None:
        raise ImpactError(
            f"The lake under {house.home} has no deliveries, so there are no leads to compare. "
            "Run `leadhouse run` first (for the demo company: `leadhouse demo` before it)."
        )
    return day


def _figures(before: Built, after: Built, day: date, leads_file: Path) -> dict[str, Any]:
    with compare(before.side, after.side) as comparison:
        comparison.write("changed_leads", leads_file)
        return {
            "totals": comparison.row("totals"),
            "rules": comparison.rows("rules"),
            "moves": {word: comparison.rows("moves", what=word) for word in ("band", "level", "status")},
            "channels": comparison.rows("by_word", vocabulary="source_channel"),
            "industries": comparison.rows("by_word", vocabulary="industry"),
            "movers": comparison.rows("movers", movers=MOVERS),
            "fired": comparison.rows("fired", movers=MOVERS),
            "coverage": comparison.rows("coverage", as_of_date=day, with_alerts=after.has_history),
            "with_alerts": after.has_history,
            "outcomes": comparison.rows("outcomes"),
        }


def _write(target: Path, text: str) -> None:
    with replacing(target) as draft:
        draft.write_text(text, encoding="utf-8")
