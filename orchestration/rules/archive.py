"""The rule files of a published day-end, kept whole: a replay can take them when today's say otherwise."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.rules.fingerprint import ruleset_hash
from orchestration.sql import literal
from orchestration.warehouse.storage import replace_file

SUFFIXES = {".csv", ".yml"}


class NoArchiveError(Exception):
    """The rules of a published day-end were not kept, or not in full."""


def archive_files(seeds_dir: Path, folder: Path, expected_hash: str) -> None:
    """Keep all rule files of a folder as one Parquet file, once per ruleset: a row per file with its text.

    Rules that were edited after the build are not those of the build: they are not kept.

    Args:
        seeds_dir: the folder with rules/, vocabulary/ and exceptions/.
        folder: where the archives lie; the new one is `<expected_hash>.files.parquet`.
        expected_hash: hash of the rules that the build read.
    """
    target = _archive(folder, expected_hash)
    if target.exists() or ruleset_hash(seeds_dir) != expected_hash:
        return
    files = [path for path in sorted(seeds_dir.rglob("*")) if path.suffix in SUFFIXES and path.is_file()]
    rows = [[path.relative_to(seeds_dir).as_posix(), path.read_text(encoding="utf-8")] for path in files]
    folder.mkdir(parents=True, exist_ok=True)
    new = target.with_name(target.name + ".next")
    with duckdb.connect() as con:
        con.execute("create table files (path varchar, content varchar)")
        con.executemany("insert into files values (?, ?)", rows)
        con.execute(f"copy files to {literal(new)} (format parquet, compression zstd)")
    replace_file(new, target)


def restore_files(folder: Path, wanted_hash: str, target: Path) -> Path:
    """Write the archived rule files of a ruleset into `target` and return it.

    Raises:
        NoArchiveError: they were not kept, or what was kept is not what was published.
    """
    archive = _archive(folder, wanted_hash)
    if not archive.exists():
        raise NoArchiveError(
            f"The rule files of that day are not in {folder} ({archive.name}). Check out the commit that "
            "published it and replay without --published-rules."
        )
    with duckdb.connect() as con:
        rows = con.execute("select path, content from read_parquet(?)", [str(archive)]).fetchall()
    for name, content in rows:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    if ruleset_hash(target) != wanted_hash:
        raise NoArchiveError(f"{archive} was changed: these are not the published rules. Restore a backup.")
    return target


def _archive(folder: Path, hash_of_rules: str) -> Path:
    return folder / f"{hash_of_rules}.files.parquet"
