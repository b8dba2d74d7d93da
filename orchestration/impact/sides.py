"""Both sides of a comparison as warehouses of one day-end over one lake, neither of them published."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.comparison.compare import Side
from orchestration.house import House
from orchestration.paths import paths
from orchestration.rules.files import load_rule_files, parse_date
from orchestration.rules.fingerprint import ruleset_hash
from orchestration.rules.overlay import lay_over
from orchestration.warehouse.audit import NotAuditedError, require_audit
from orchestration.warehouse.day_ends import Settings
from orchestration.warehouse.dbt import Dbt
from orchestration.warehouse.inputs import Inputs, collect_inputs
from orchestration.warehouse.rebuild import annex, rebuild

# What shapes every model, or is read by models in ways that dbt's comparison of states does not see.
SHAPES_ALL = ("dbt_project.yml", "profiles.yml", "macros/**/*", "models/**/*sources.yml")
SHAPES_RULES = ("**/*.yml",)
BASE_DATABASE = "base.duckdb"


@dataclass(frozen=True)
class Built:
    """One side: where its marts are, and in a few words how it came about."""

    side: Side
    how: str
    inputs: Inputs
    # A daily run computes its own day-end only: what models make of a longer series cannot be compared then.
    has_history: bool = True


def rules_of(house: House, tree: Path, folder: Path) -> Path:
    """The rules of the base: its own, under the company's own ones where there are any.

    Own rules are taken as the base has them when they are part of the repository, else as they are.
    """
    if not house.rules:
        return tree / "seeds"
    own = house.rules
    if own.is_relative_to(house.root):
        own = tree / own.relative_to(house.root)
    return lay_over(tree / "seeds", own, folder / "rules") if own.is_dir() else tree / "seeds"


def day_of_change(before: Path, after: Path, day_end: date) -> date | None:
    """The first day on which all rule versions hold that differ and begin after a day-end; None: none does.

    A change is a row that begins later: at the day-end itself it would show nothing.

    Args:
        before: folder of the base's rules.
        after: folder of the working tree's rules.
        day_end: the day-end to compare.
    """
    differing = _rows_of(before) ^ _rows_of(after)
    days = [day for _, _, text, _ in differing if (day := parse_date(text)) and day > day_end]
    return max(days, default=None)


def _rows_of(seeds: Path) -> set[tuple[str, str, str, tuple[str, ...]]]:
    return {
        (file.name, row[file.id_column], row["valid_from"], tuple(row.cells.values()))
        for file in load_rule_files(seeds)[0].values()
        if file.id_column
        for row in file.rows
    }


def build_head(
    house: House, folder: Path, as_of: date, rules_as_of: date | None, threads: int | None
) -> tuple[Built, Dbt]:
    """The working tree's side: the house's own warehouse when it is this day-end of this state, else a build.

    Raises:
        RebuildError, DbtFailedError: a model could not be built.
    """
    settings = _settings(house, rules_as_of)
    inputs = collect_inputs(house.root, house.home, settings, as_of, ruleset_hash(house.seeds_dir))
    try:
        audited = require_audit(house.home).inputs
        if not inputs.differences(audited):
            house.dbt.ensure_manifest()
            with house.progress.stage("head") as stage:
                stage.result("as the last run built it")
            warehouse = paths(house.home).warehouse
            has_history = _day_ends_in(warehouse) > settings.history_days
            return Built(Side(warehouse), "as the last run built it", inputs, has_history), house.dbt
    except NotAuditedError:
        pass
    home = annex(folder / "head", house.home)
    dbt = Dbt(house.project_dir, home, house.seeds_dir)
    with house.progress.stage("head") as stage:
        rebuild(dbt, _variables(inputs), stage, threads=threads)
    return Built(Side(paths(home).warehouse), "built whole", inputs), dbt


def build_base(
    house: House, tree: Path, seeds: Path, folder: Path, head: Built, head_dbt: Dbt, threads: int | None
) -> Built:
    """The base's side, from a worktree, in a database of its own.

    What neither a rule nor a model of the difference reaches is not built again: the database attaches the
    head's and takes those tables from there. Where that is not safe, the base is built whole.

    Args:
        house: project, state and own rules of the working tree.
        tree: root of the project in the worktree.
        seeds: its rules.
        folder: where the database goes.
        head: the other side; day-end and settings are taken from it.
        head_dbt: its launcher, whose manifest says what it was built from.
        threads: how many models at once.

    Raises:
        RebuildError, DbtFailedError: a model of the base could not be built.
    """
    home = annex(folder / "base", house.home)
    day, settings = date.fromisoformat(head.inputs.as_of_date), Settings(**head.inputs.settings)
    inputs = collect_inputs(tree, house.home, settings, day, ruleset_hash(seeds))
    project = tree / "dbt_project"
    reason = why_whole(house, tree, seeds)
    database = home / BASE_DATABASE
    profiles = _profiles(project, folder / "profiles", database, None if reason else head.side.database)
    dbt = Dbt(project, home, seeds, profiles)
    selection: tuple[str, ...] = ()
    how = f"built whole: {reason}"
    if not reason:
        state = _state(head_dbt, home, folder / "state")
        selection = ("--select", "state:modified+", "--defer", "--favor-state", "--state", str(state))
    for left in home.glob(f"{BASE_DATABASE}*"):
        left.unlink()
    with house.progress.stage("base") as stage:
        outcome = rebuild(dbt, _variables(inputs), stage, selection, threads)
        if not reason:
            models = outcome.passed["model"]
            how = f"{models} models built, the others taken from the head: nothing that differs reaches them"
    if not database.exists():
        # Nothing differs: every mart is the head's.
        return Built(Side(head.side.database), how, inputs)
    return Built(Side(database, None if reason else head.side.database), how, inputs)


def _day_ends_in(warehouse: Path) -> int:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return con.execute("select count(*) from cleansing.int_cleansing__day_ends").fetchone()[0]


def _variables(inputs: Inputs) -> dict[str, Any]:
    names = ("history_days", "history_month_ends", "rules_as_of")
    return {"as_of_date": inputs.as_of_date, **{name: inputs.settings[name] for name in names}}


def _settings(house: House, rules_as_of: date | None) -> Settings:
    return replace(house.settings, rules_as_of=rules_as_of.isoformat()) if rules_as_of else house.settings


def why_whole(house: House, tree: Path, seeds: Path) -> str:
    """Why tables of the head cannot stand for the base's; empty: they can."""
    head, base = house.project_dir, tree / "dbt_project"
    for name in ("models", "macros", "dbt_project.yml", "profiles.yml"):
        if not (base / name).exists():
            return f"the base has no dbt_project/{name}"
    if name := _first_difference(head, base, SHAPES_ALL):
        return f"dbt_project/{name} differs"
    if name := _first_difference(house.seeds_dir, seeds, SHAPES_RULES):
        return f"seeds/{name} differs"
    return ""


def _first_difference(one: Path, other: Path, patterns: tuple[str, ...]) -> str:
    names = {
        path.relative_to(folder).as_posix()
        for folder in (one, other)
        for pattern in patterns
        for path in folder.glob(pattern)
        if path.is_file()
    }
    for name in sorted(names):
        files = [folder / name for folder in (one, other)]
        if not all(file.exists() for file in files) or files[0].read_bytes() != files[1].read_bytes():
            return name
    return ""


def _profiles(project: Path, folder: Path, database: Path, attached: Path | None) -> Path:
    """The project's profile for another database, with the head's attached under its own name."""
    profiles = yaml.safe_load((project / "profiles.yml").read_text(encoding="utf-8"))
    for profile in profiles.values():
        for output in profile["outputs"].values():
            if output.get("type") == "duckdb":
                output["path"] = str(database)
                if attached:
                    output["attach"] = [{"path": str(attached), "alias": "warehouse", "read_only": True}]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profiles.yml").write_text(yaml.safe_dump(profiles, sort_keys=False), encoding="utf-8")
    return folder


def _state(head_dbt: Dbt, base_home: Path, folder: Path) -> Path:
    """The head's manifest as if parsed for the base's home: where a home lies is no difference."""
    text = head_dbt.ensure_manifest().read_text(encoding="utf-8")
    text = text.replace(json.dumps(str(head_dbt.home))[1:-1], json.dumps(str(base_home.resolve()))[1:-1])
    manifest = json.loads(text)
    # The sources are the same (their file is compared); dbt files them under the database of the build.
    for source in manifest["sources"].values():
        source["database"] = Path(BASE_DATABASE).stem
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
