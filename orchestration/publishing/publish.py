"""Write, audit, publish: the marts of an audited build go to a new serving file that replaces the old one.

Readers hold `serving/leadhouse.duckdb`; dbt holds `warehouse.duckdb`; the two never meet. The serving file
changes by one rename; `recover` finishes what a publication left undone that was cut off right after it.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from orchestration.paths import paths
from orchestration.publishing.manifest import (
    Publication,
    last_publication,
    recover,
    write_manifest,
)
from orchestration.rules.archive import archive_files
from orchestration.sql import literal, quoted
from orchestration.warehouse.audit import Audit, require_audit
from orchestration.warehouse.fingerprints import (
    HISTORY_TABLES,
    Fingerprint,
    combined,
    day_end_fingerprints,
)
from orchestration.warehouse.storage import replace_file, sync_file

# Files of this version open in DuckDB 1.5 and newer; BI tools lag behind the engine.
STORAGE_VERSION = "v1.5.0"

Step = Callable[[str], None]


class DayEnd(NamedTuple):
    """The day-end that the warehouse shows; timestamps are ISO in UTC."""

    as_of_date: str
    as_of_at: str
    cutoff_at: str


class PublishError(Exception):
    """The new serving file is not what it should be; the old one stays."""


def publish(
    home: Path,
    comments: Mapping[str, Mapping[str, str]] | None = None,
    on_step: Step = lambda name: None,
    seeds_dir: Path | None = None,
) -> Publication:
    """Publish the marts of the last audited build.

    Args:
        home: LEADHOUSE_HOME; the caller holds its lock.
        comments: descriptions by mart, then by column; key '' is the mart itself.
        on_step: told the name of each step before it starts.
        seeds_dir: the rules of the build, archived file by file for a replay; None: only as dim_rules.

    Raises:
        NotAuditedError: the last build was not green, not complete, or the warehouse changed since.
        PublishError: the copy differs from the warehouse.
        duckdb.Error, OSError: a file could not be written; whatever was published stays.
    """
    on_step("check the audit")
    audit = require_audit(home)
    recover(home)
    where = paths(home)
    serving = where.serving_database
    where.serving.mkdir(parents=True, exist_ok=True)
    _clear_leftovers(where.serving)
    new_file = serving.with_name(serving.name + ".next")

    on_step("copy the marts")
    day_end = _copy_marts(home, new_file, comments or {})

    on_step("take fingerprints")
    marts = _fingerprints(new_file, day_end)
    previous = last_publication(home)
    publication = _publication(audit, marts, day_end, previous)

    on_step("write the history")
    _write_history(new_file, serving if previous else None, publication)

    on_step("write Parquet")
    parquet_folder = _write_parquet(new_file, where.serving)

    on_step("archive the rules")
    _archive_rules(new_file, where.archived_rules, publication.inputs.ruleset_hash)
    if seeds_dir:
        archive_files(seeds_dir, where.archived_rules, publication.inputs.ruleset_hash)

    # Parquet goes first: cut off after it, the next run sees an old serving file and publishes again.
    on_step("swap Parquet")
    _swap_folder(parquet_folder, where.serving_parquet)

    on_step("swap the serving file")
    replace_file(new_file, serving)

    on_step("write the manifest")
    write_manifest(home, publication.as_dict())
    return publication


def _clear_leftovers(folder: Path) -> None:
    """Remove what a cut-off publication left; the Parquet folder in use stays."""
    in_use = os.readlink(folder / "parquet") if (folder / "parquet").is_symlink() else ""
    for path in folder.glob("*.next*"):
        path.unlink()
    for path in folder.glob(".parquet-*"):
        if path.name != in_use:
            shutil.rmtree(path)


def _copy_marts(home: Path, new_file: Path, comments: Mapping[str, Mapping[str, str]]) -> DayEnd:
    """Copy every mart as a sorted table; return the day-end that they show."""
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(f"attach {literal(paths(home).warehouse)} as warehouse (read_only)")
        con.execute(f"attach {literal(new_file)} as serving (storage_version {literal(STORAGE_VERSION)})")
        con.execute("create schema serving.marts")
        marts = _tables(con, "warehouse")
        if not marts:
            raise PublishError("The warehouse has no marts. Run `leadhouse run --full`.")
        for mart in marts:
            source, target = f"warehouse.marts.{quoted(mart)}", f"serving.marts.{quoted(mart)}"
            con.execute(f"create table {target} as select * from {source} order by all")
            counts = [con.execute(f"select count(*) from {name}").fetchone()[0] for name in (source, target)]
            if counts[0] != counts[1]:
                raise PublishError(f"Mart {mart} has {counts[0]} rows, its copy {counts[1]}.")
            _comment(con, mart, comments.get(mart, {}))
        row = con.execute(
            "select as_of_date, as_of_at, known_until_at "
            "from warehouse.cleansing.int_cleansing__day_ends where is_current"
        ).fetchone()
        if row is None:
            raise PublishError("The warehouse has no current day-end: nothing was delivered yet.")
        return DayEnd(row[0].isoformat(), f"{row[1].isoformat()}Z", f"{row[2].isoformat()}Z")


def _comment(con: duckdb.DuckDBPyConnection, mart: str, comments: Mapping[str, str]) -> None:
    """Carry descriptions into the file, where BI tools show them."""
    table = f"serving.marts.{quoted(mart)}"
    columns = {row[0] for row in con.execute(f"describe {table}").fetchall()}
    for column, text in comments.items():
        if column == "":
            con.execute(f"comment on table {table} is {literal(text)}")
        elif column in columns:
            con.execute(f"comment on column {table}.{quoted(column)} is {literal(text)}")


def _fingerprints(new_file: Path, day_end: DayEnd) -> dict[str, Fingerprint]:
    """Fingerprints as a reader of the new file will see them."""
    with duckdb.connect(str(new_file), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        return day_end_fingerprints(con, day_end.as_of_date)


def _publication(
    audit: Audit, marts: dict[str, Fingerprint], day_end: DayEnd, previous: Publication | None
) -> Publication:
    if day_end.as_of_date != audit.inputs.as_of_date:
        raise PublishError(
            f"The warehouse shows day-end {day_end.as_of_date}, its audit says {audit.inputs.as_of_date}. "
            "Run `leadhouse run --full`."
        )
    # Before its cut-off a day-end reaches as far as the deliveries do: more may follow and belong to it.
    cutoff_at = min(day_end.cutoff_at, audit.newest_known_at)
    return Publication(
        inputs=audit.inputs,
        as_of_at=day_end.as_of_at,
        cutoff_at=cutoff_at,
        known_until_at=max(cutoff_at, previous.known_until_at) if previous else cutoff_at,
        is_provisional=cutoff_at < day_end.cutoff_at,
        published_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        checks=audit.checks,
        fingerprint=combined(marts),
        marts=marts,
    )


def _write_history(new_file: Path, old_file: Path | None, publication: Publication) -> None:
    """Every day-end ever published with its fingerprints, carried from file to file, and the manifest."""
    inputs = publication.inputs
    with duckdb.connect(str(new_file)) as con:
        con.execute("set TimeZone = 'UTC'")
        con.execute(
            """
            create table marts.published_day_ends (
                as_of_date date primary key, as_of_at timestamp not null, known_until_at timestamp not null,
                business_timezone varchar not null, is_current boolean not null,
                is_provisional boolean not null, git_commit varchar not null, code_hash varchar not null,
                ruleset_hash varchar not null, deliveries bigint not null, checks bigint not null,
                fingerprint varchar not null
            );
            create table marts.published_marts (
                as_of_date date, mart varchar, rows bigint not null, fingerprint varchar not null,
                primary key (as_of_date, mart)
            );
            comment on table marts.published_day_ends is
                'One row per published day-end: its inputs and the fingerprint of all its marts.';
            comment on column marts.published_day_ends.is_current is
                'True for the day-end that the marts show';
            comment on column marts.published_day_ends.is_provisional is
                'True when more could still become known before its cut-off';
            comment on table marts.published_marts is
                'One row per published day-end and mart: rows and fingerprint when it was published.';
            create schema house;
            create table house.publication (manifest varchar not null);
            """
        )
        if old_file:
            con.execute(f"attach {literal(old_file)} as old (read_only)")
            for table in HISTORY_TABLES:
                con.execute(
                    f"insert into marts.{table} by name "
                    f"select * from old.marts.{table} where as_of_date <> ? order by all",
                    [inputs.as_of_date],
                )
            con.execute("detach old")
            con.execute("update marts.published_day_ends set is_current = false")
        con.execute(
            "insert into marts.published_day_ends values "
            "(?, cast(? as timestamptz), cast(? as timestamptz), ?, true, ?, ?, ?, ?, ?, ?, ?)",
            [
                inputs.as_of_date,
                publication.as_of_at,
                publication.cutoff_at,
                inputs.settings["business_timezone"],
                publication.is_provisional,
                inputs.git_commit,
                inputs.code_hash,
                inputs.ruleset_hash,
                len(inputs.deliveries),
                publication.checks,
                publication.fingerprint,
            ],
        )
        con.executemany(
            "insert into marts.published_marts values (?, ?, ?, ?)",
            [[inputs.as_of_date, m, f.rows, str(f)] for m, f in sorted(publication.marts.items())],
        )
        con.execute("insert into house.publication values (?)", [json.dumps(publication.as_dict())])


def _write_parquet(new_file: Path, serving_folder: Path) -> Path:
    """One Parquet file per table of the new serving file, in a folder that nobody reads yet."""
    folder = Path(tempfile.mkdtemp(prefix=".parquet-", dir=serving_folder))
    folder.chmod(0o755)
    with duckdb.connect(str(new_file), read_only=True) as con:
        con.execute("set TimeZone = 'UTC'")
        catalog = con.execute("select current_catalog()").fetchone()[0]
        for table in _tables(con, catalog):
            path = folder / f"{table}.parquet"
            con.execute(f"copy marts.{quoted(table)} to {literal(path)} (format parquet, compression zstd)")
            sync_file(path)
    sync_file(folder)
    return folder


def _archive_rules(new_file: Path, folder: Path, ruleset_hash: str) -> None:
    """Keep the rules that this day-end was computed with, once per ruleset."""
    target = folder / f"{ruleset_hash}.parquet"
    if target.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    new = target.with_name(target.name + ".next")
    with duckdb.connect(str(new_file), read_only=True) as con:
        con.execute(f"copy marts.dim_rules to {literal(new)} (format parquet, compression zstd)")
    replace_file(new, target)


def _swap_folder(new: Path, link: Path) -> None:
    """Point the link to the new folder in one step: readers never see a mixture of two publications."""
    new_link = link.with_name(link.name + ".next")
    new_link.unlink(missing_ok=True)
    new_link.symlink_to(new.name, target_is_directory=True)
    os.replace(new_link, link)
    sync_file(link.parent)


def _tables(con: duckdb.DuckDBPyConnection, catalog: str) -> list[str]:
    rows = con.execute(
        "select table_name from information_schema.tables "
        "where table_schema = 'marts' and table_catalog = ? order by table_name",
        [catalog],
    ).fetchall()
    return [row[0] for row in rows]
