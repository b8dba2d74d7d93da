"""What a published day-end is a function of: deliveries, rules, code, settings and the day itself."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.paths import paths
from orchestration.warehouse.day_ends import Settings, receipts_glob

CODE_SUFFIXES = {".sql", ".yml", ".yaml", ".py", ".j2", ".html", ".css"}


@dataclass(frozen=True)
class Inputs:
    """Equal inputs give equal marts."""

    as_of_date: str
    settings: dict[str, Any]
    ruleset_hash: str
    code_hash: str
    git_commit: str
    deliveries: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON values; the deliveries become a list."""
        return {**asdict(self), "deliveries": list(self.deliveries)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Inputs:
        """Read what `as_dict` gave; other keys are ignored.

        Raises:
            KeyError: one of the inputs is missing.
        """
        names = cls.__dataclass_fields__
        return cls(**{**{name: values[name] for name in names}, "deliveries": tuple(values["deliveries"])})

    def differences(self, other: Inputs) -> list[str]:
        """Which inputs differ, in words; a new commit with the same code is no difference."""
        words = {
            "as_of_date": "the day-end",
            "settings": "the settings",
            "ruleset_hash": "the rules",
            "code_hash": "the code",
            "deliveries": "the deliveries",
        }
        return [text for name, text in words.items() if getattr(self, name) != getattr(other, name)]


def collect_inputs(root: Path, home: Path, settings: Settings, as_of_date: date, ruleset_hash: str) -> Inputs:
    """Look at everything that the marts of one day-end depend on.

    Args:
        root: the project's root folder.
        home: LEADHOUSE_HOME with a lake.
        settings: vars of the dbt project.
        as_of_date: the day-end to compute.
        ruleset_hash: fingerprint of all seeds.
    """
    return Inputs(
        as_of_date=as_of_date.isoformat(),
        settings=asdict(settings),
        ruleset_hash=ruleset_hash,
        code_hash=code_hash(root),
        git_commit=git_commit(root),
        deliveries=delivery_ids(home),
    )


def code_hash(root: Path) -> str:
    """One hash over the code of a project: models, macros, Python, and the types that the seeds' YAML gives.

    Args:
        root: the project's root folder.
    """
    folders = [root / "dbt_project" / "models", root / "dbt_project" / "macros"]
    folders += [root / "orchestration", root / "seeds"]
    return hash_of_files(root, [root / "dbt_project" / "dbt_project.yml", *_files(folders, CODE_SUFFIXES)])


def delivery_ids(home: Path) -> tuple[str, ...]:
    """Every delivery in the lake with its first fate, sorted; a repeated look at a file adds nothing."""
    with duckdb.connect() as con:
        rows = con.execute(
            """
            select distinct delivery_id || case when status = 'loaded' then '' else ' ' || status end
            from read_parquet(?, union_by_name = true, hive_partitioning = false)
            where status <> 'repeated'
            order by 1
            """,
            [receipts_glob(home)],
        ).fetchall()
    return tuple(row[0] for row in rows)


def known_since(home: Path, deliveries: Iterable[str]) -> dict[str, datetime]:
    """Since when the lake knows anything of a delivery, UTC without zone.

    Args:
        home: LEADHOUSE_HOME with a lake.
        deliveries: some of what `delivery_ids` gives.
    """
    wanted = list(deliveries)
    if not wanted:
        return {}
    raw = paths(home).raw
    files = [str(path) for name in wanted for path in raw.glob(f"*/*/{name.split()[0]}.parquet")]
    with duckdb.connect() as con:
        con.execute("create table rows_known (delivery_id varchar, known_at timestamp)")
        if files:
            con.execute(
                "insert into rows_known select delivery_id, min(known_at) "
                "from read_parquet(?, union_by_name = true, hive_partitioning = false) group by delivery_id",
                [files],
            )
        rows = con.execute(
            """
            with receipts as (
                select delivery_id, status, min(known_at) as known_at
                from read_parquet(?, union_by_name = true, hive_partitioning = false)
                where status <> 'repeated'
                group by delivery_id, status
            ),

            named as (
                select
                    receipts.delivery_id || case when status = 'loaded' then '' else ' ' || status end
                        as name,
                    case when status = 'loaded' then rows_known.known_at end as row_known_at,
                    receipts.known_at
                from receipts
                left join rows_known on receipts.delivery_id = rows_known.delivery_id
            )

            select name, coalesce(row_known_at, known_at) from named where list_contains(?, name)
            """,
            [receipts_glob(home), wanted],
        ).fetchall()
    return dict(rows)


def hash_of_files(root: Path, paths: Iterable[Path]) -> str:
    """One hash over the names (relative to `root`) and the contents of files."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root).as_posix()} {content}\n".encode())
    return digest.hexdigest()[:16]


def git_commit(root: Path) -> str:
    """The commit of the working tree, with `+changes` when tracked files differ, empty without git."""
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return commit + ("+changes" if changed else "")


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True, timeout=30
    )
    return done.stdout.strip()


def _files(folders: Iterable[Path], suffixes: set[str]) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*") if path.suffix in suffixes]
