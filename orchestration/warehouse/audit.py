"""The record that a build of the warehouse was complete and green: the publisher's licence."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from orchestration.paths import paths
from orchestration.publishing.manifest import last_publication
from orchestration.warehouse.day_ends import Settings
from orchestration.warehouse.inputs import Inputs
from orchestration.warehouse.storage import write_json


class NotAuditedError(Exception):
    """The warehouse must not be published as it is; the message says why and what to do."""


@dataclass(frozen=True)
class Audit:
    """How the last build ended, and up to when (ISO, UTC) deliveries had been looked at."""

    inputs: Inputs
    is_green: bool
    is_complete: bool
    newest_known_at: str
    checks: int


def audit_path(home: Path) -> Path:
    """Where the record lies."""
    return home / "warehouse.audit.json"


def write_audit(home: Path, audit: Audit) -> None:
    """Record how a build ended, together with the state of the file it ended with."""
    values = {
        "inputs": audit.inputs.as_dict(),
        "is_green": audit.is_green,
        "is_complete": audit.is_complete,
        "newest_known_at": audit.newest_known_at,
        "checks": audit.checks,
        "warehouse_file": _state_of(paths(home).warehouse),
    }
    write_json(audit_path(home), values)


def discard_audit(home: Path) -> None:
    """Forget the record, before anything in the warehouse changes."""
    audit_path(home).unlink(missing_ok=True)


def rules_stand(home: Path, inputs: Inputs) -> bool:
    """Tell whether the rules layer in the warehouse is the one that a build from `inputs` would make.

    It is when the last build was whole and green, nobody touched the file since, and rules, code and var
    rules_as_of are the same: the layer reads nothing else.
    """
    try:
        built = require_audit(home).inputs
    except NotAuditedError:
        return False
    return (
        built.ruleset_hash == inputs.ruleset_hash
        and built.code_hash == inputs.code_hash
        and built.settings.get("rules_as_of") == inputs.settings["rules_as_of"]
    )


@dataclass(frozen=True)
class Kept:
    """What a build has to compute beside what the last one left: how many day-ends before its own, including
    that of the last build, to compare with, and which deliveries came since."""

    days_to_compute: int
    new_deliveries: list[str]


def kept_of_last_build(home: Path, inputs: Inputs) -> Kept | None:
    """Tell what a build of `inputs` can take over from the last one; None: nothing, all is computed.

    What the last build told of its day and of earlier ones is what they would come out as again, since a
    day-end is a function of what was known at it (tests/proof); what was made of a delivery depends on rules
    and code alone. So only when the last build was whole, green and published, of an earlier and complete
    day-end within the history, made by the same code, rules and settings, and every delivery that it read is
    still in the lake by its receipt. What somebody erased in the files themselves only `run --full` sees.
    """
    try:
        built = require_audit(home).inputs
    except NotAuditedError:
        return None
    published, settings = last_publication(home), Settings(**inputs.settings)
    if published is None or published.is_provisional or published.inputs != built:
        return None
    days = (date.fromisoformat(inputs.as_of_date) - date.fromisoformat(built.as_of_date)).days
    before = Settings(**built.settings)
    reach = {"history_days": settings.history_days, "history_month_ends": 0}
    stands = (
        0 < days < settings.history_days
        and settings.history_month_ends == 0
        and before.history_days + days >= settings.history_days
        and replace(before, **reach) == settings
        and built.ruleset_hash == inputs.ruleset_hash
        and built.code_hash == inputs.code_hash
        and set(built.deliveries) <= set(inputs.deliveries)
    )
    return Kept(days, sorted(set(inputs.deliveries) - set(built.deliveries))) if stands else None


def require_audit(home: Path) -> Audit:
    """Return the record of a warehouse that may be published.

    Raises:
        NotAuditedError: no build ended, it failed, covered only a part, or the file changed since.
    """
    try:
        values = json.loads(audit_path(home).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotAuditedError(
            "The warehouse was not built to its end. Run `leadhouse run`, or all assets in Dagster."
        ) from None
    audit = Audit(
        inputs=Inputs.from_dict(values["inputs"]),
        is_green=values["is_green"],
        is_complete=values["is_complete"],
        newest_known_at=values["newest_known_at"],
        checks=values["checks"],
    )
    if not audit.is_green:
        raise NotAuditedError("The last build failed. Mend what it named and build again before publishing.")
    if not audit.is_complete:
        raise NotAuditedError(
            "The last build covered only some models, so the marts may not fit together. "
            "Materialize all assets (job `daily`) or run `leadhouse run --full`."
        )
    if not paths(home).warehouse.exists():
        raise NotAuditedError("warehouse.duckdb was deleted. Run `leadhouse run --full` to build it again.")
    if values["warehouse_file"] != _state_of(paths(home).warehouse):
        raise NotAuditedError(
            "warehouse.duckdb changed after its last audited build, for example by a plain `dbt build`. "
            "Run `leadhouse run --full`."
        )
    return audit


def _state_of(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]
