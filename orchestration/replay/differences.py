"""Which inputs of a day-end differ from those it was published with: settings, code, rules, deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.paths import paths
from orchestration.publishing.manifest import Publication
from orchestration.warehouse.inputs import Inputs, delivery_ids, known_since

AT_MOST = 5

# Rule versions of the archive (before) and of the build (after) that are not the same on both sides.
RULES = """
    select coalesce(a.rule_key, b.rule_key) as rule_key,
        case when b.rule_key is null then 'added' when a.rule_key is null then 'removed' else 'changed' end
    from read_parquet(?) as b
    full join marts.dim_rules as a on a.rule_key = b.rule_key
    where a.rule_key is null or b.rule_key is null
        or a.payload is distinct from b.payload or a.status is distinct from b.status
    order by 2, 1
"""


@dataclass(frozen=True)
class Difference:
    """One kind of input that is not what it was, and in what."""

    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"


def input_differences(home: Path, published: Publication, now: Inputs, database: Path) -> list[Difference]:
    """Compare the inputs of a replay with those of the publication; an empty list: all are the same.

    A delivery that became known after the day-end is no difference: the day never sees it.

    Args:
        home: LEADHOUSE_HOME with the lake and the archived rules.
        published: what was published.
        now: inputs of the replay.
        database: the replay's warehouse, for its rules.
    """
    then = published.inputs
    found: list[Difference] = []
    if text := _settings(then.settings, now.settings):
        found.append(Difference("settings", text))
    if then.code_hash != now.code_hash:
        commits = f"commit {_commit(then)}, now {_commit(now)}"
        found.append(Difference("code", f"{then.code_hash} then, {now.code_hash} now ({commits})"))
    if then.ruleset_hash != now.ruleset_hash:
        found.append(Difference("rules", _rules(home, then.ruleset_hash, database)))
    if text := _deliveries(home, published, database):
        found.append(Difference("deliveries", text))
    return found


def _settings(then: dict[str, Any], now: dict[str, Any]) -> str:
    names = [name for name in sorted(then.keys() | now.keys()) if then.get(name) != now.get(name)]
    return ", ".join(f"{name} was {then.get(name)!r}, is {now.get(name)!r}" for name in names)


def _commit(inputs: Inputs) -> str:
    commit, _, changes = inputs.git_commit.partition("+")
    return f"{commit[:8]}{' with uncommitted changes' if changes else ''}" if commit else "unknown"


def _rules(home: Path, published_hash: str, database: Path) -> str:
    archive = paths(home).archived_rules / f"{published_hash}.parquet"
    if not archive.exists():
        return f"not those of the day; its archive {archive.name} is gone"
    with duckdb.connect(str(database), read_only=True) as con:
        rows = con.execute(RULES, [str(archive)]).fetchall()
    if not rows:
        return "other labels, owners, reasons or vocabulary; no rule version says anything else"
    return _listed([f"{key} {change}" for key, change in rows], "rule versions")


def _deliveries(home: Path, published: Publication, database: Path) -> str:
    then, now = set(published.inputs.deliveries), set(delivery_ids(home))
    with duckdb.connect(str(database), read_only=True) as con:
        known_until = con.execute(
            "select known_until_at from cleansing.int_cleansing__day_ends where is_current"
        ).fetchone()[0]
    since = known_since(home, now - then)
    gone = sorted(then - now)
    come = sorted(name for name, known_at in since.items() if known_at < known_until)
    parts = []
    if gone:
        parts.append(_listed(gone, "that it was made from are no longer in the lake"))
    if come:
        why = ", after it was published" if published.is_provisional else ""
        parts.append(_listed(come, f"more became known before its cut-off{why}"))
    return "; ".join(parts)


def _listed(items: list[str], what: str) -> str:
    more = f" and {len(items) - AT_MOST} more" if len(items) > AT_MOST else ""
    return f"{len(items)} {what}: {', '.join(items[:AT_MOST])}{more}"
