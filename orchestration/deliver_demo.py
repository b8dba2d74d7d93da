"""Put the demo company's deliveries down, unless they are there already."""

from __future__ import annotations

import json
from pathlib import Path

from orchestration.demo import generate
from orchestration.demo.deliveries import CONNECTIONS
from orchestration.paths import project_root
from orchestration.progress import Stage
from orchestration.warehouse.inputs import hash_of_files
from orchestration.warehouse.storage import write_json

STAMP = ".demo.json"
SOURCE_SUFFIXES = {".py", ".sql", ".csv"}


def deliver_demo(landing: Path, seed: int, leads: int, months: int, stage: Stage) -> None:
    """Generate the demo company into `landing`; a company of the same making is left as it is.

    Args:
        landing: LEADHOUSE_HOME/landing.
        seed: draws another company of the same kind.
        leads: people in the CRM.
        months: business months of history.
        stage: told about the progress and the result.

    Raises:
        ValueError: an argument is out of range.
    """
    source = project_root() / "orchestration" / "demo"
    code = hash_of_files(source, [path for path in source.rglob("*") if path.suffix in SOURCE_SUFFIXES])
    wanted = {"seed": seed, "leads": leads, "months": months, "code": code}
    stamp = landing / STAMP
    if stamp.exists():
        before = json.loads(stamp.read_text(encoding="utf-8"))
        if before["made_with"] == wanted and before["files"] == _files(landing):
            stage.result(f"already there: {len(before['files'])} files in {landing}")
            return
        stamp.unlink()
    done_before = 0

    def tell(what: str, done: int, total: int) -> None:
        nonlocal done_before
        stage.total(total)
        stage.step(what, advance=done - done_before)
        done_before = done

    summary = generate(landing, seed, leads, months, tell)
    write_json(stamp, {"made_with": wanted, "files": _files(landing)})
    stage.result(f"{summary.files} files with {sum(summary.records.values())} records in {landing}")


def _files(landing: Path) -> dict[str, int]:
    """Sizes of the demo's files by name."""
    folders = sorted({connection.folder for connection in CONNECTIONS})
    paths = [path for folder in folders for path in (landing / folder).rglob("*") if path.is_file()]
    return {path.relative_to(landing).as_posix(): path.stat().st_size for path in sorted(paths)}
