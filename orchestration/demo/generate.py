"""Make the demo company: SQL draws it from a seed number, files land as its systems would deliver them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import duckdb

from orchestration.demo import files
from orchestration.demo.deliveries import (
    BROKEN_TRANSFER,
    CONNECTIONS,
    LAST_DAY,
    SENT_TWICE,
    Connection,
    Delivery,
    event_deliveries,
    time_deliveries,
)
from orchestration.demo.truth import Delivered, Log

Progress = Callable[[str, int, int], None]

_HERE = resources.files("orchestration.demo")
_FOLDERS = sorted({connection.folder for connection in CONNECTIONS})


@dataclass(frozen=True)
class DemoSummary:
    """What was generated.

    `records` counts the records in the files by feed, `planted` the planted defects by kind.
    """

    landing: Path
    truth: Path
    seed: int
    leads: int
    months: int
    files: int
    file_bytes: int
    records: dict[str, int] = field(default_factory=dict)
    planted: dict[str, int] = field(default_factory=dict)


def generate(
    out_dir: Path,
    seed: int = 7,
    leads: int = 2000,
    months: int = 12,
    on_progress: Progress | None = None,
    *,
    threads: int | None = None,
) -> DemoSummary:
    """Generate the demo company's deliveries and the truth about them.

    The same arguments give the same bytes, whatever the machine's number of threads. Existing files of the
    demo in `out_dir` are replaced. The truth (planted defects, who is who, latent needs) goes to `truth/`
    beside `out_dir`, where no connection looks.

    Args:
        out_dir: landing folder that receives one folder per delivering system.
        seed: draws another company of the same kind.
        leads: people in the CRM, at least 100; the other feeds follow.
        months: business months up to 2026-11-20, 3 to 24.
        on_progress: called with (what is being done, steps done, steps in all).
        threads: threads of the database; default all.

    Returns:
        Counts of what was written.

    Raises:
        ValueError: an argument is out of range.
    """
    if leads < 100 or not 3 <= months <= 24:
        raise ValueError(
            f"The demo needs leads >= 100 and 3 to 24 months; {leads} leads and {months} months were asked."
        )
    out_dir = Path(out_dir)
    truth_dir = out_dir.parent / "truth"
    for folder in [*(out_dir / name for name in _FOLDERS), truth_dir]:
        shutil.rmtree(folder, ignore_errors=True)
    first_day = _months_before(LAST_DAY + timedelta(days=1), months)
    spill = out_dir.parent / "demo_spill"
    config = {"temp_directory": str(spill), **({"threads": threads} if threads else {})}
    with duckdb.connect(config=config) as duck:
        scripts = sorted(path for path in (_HERE / "sql").iterdir() if path.name.endswith(".sql"))
        _set_up(duck, seed, leads, first_day)
        steps = len(scripts) + len(CONNECTIONS) + 1
        done = 0

        def progress(what: str) -> None:
            nonlocal done
            if on_progress:
                on_progress(what, done, steps)
            done += 1

        for script in scripts:
            progress(f"drawing {script.name[3:-4].replace('_', ' ')}")
            duck.execute(script.read_text(encoding="utf-8"))
        log = Log(duck)
        for connection in CONNECTIONS:
            progress(f"writing {connection.name}")
            _deliver(duck, connection, out_dir, first_day, log)
        progress("writing the truth")
        log.write(truth_dir)
        summary = _summary(duck, out_dir, truth_dir, seed, leads, months)
    shutil.rmtree(spill, ignore_errors=True)
    if on_progress:
        on_progress("done", steps, steps)
    return summary


def _months_before(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 - months
    return date(place // 12, place % 12 + 1, day.day)


def _set_up(duck: duckdb.DuckDBPyConnection, seed: int, leads: int, first_day: date) -> None:
    """Set the variables of the scripts and load word lists (w_*) and story rows (s_*)."""
    variables = {
        "seed": f"{str(seed)!r}",
        "leads": leads,
        "b2b_people": leads * 92 // 100,
        "dirt": max(2, leads // 400),
        "first_day": f"date '{first_day}'",
        "last_day": f"date '{LAST_DAY}'",
        "window_days": (LAST_DAY - first_day).days + 1,
    }
    for name, value in variables.items():
        duck.execute(f"set variable {name} = {value}")
    for folder, prefix in (("words", "w_"), ("stories", "s_")):
        for path in sorted((_HERE / folder).iterdir(), key=lambda entry: entry.name):
            if path.name.endswith(".csv"):
                # Stories are inserted by name into the feeds, where a row number has no place.
                number = "row_number() over () - 1 as n, " if prefix == "w_" else ""
                duck.execute(
                    f"create table {prefix}{path.name[:-4]} as select {number}* "
                    f"from read_csv({files.literal(path)}, all_varchar = true, header = true, delim = ',')"
                )


def _deliver(
    duck: duckdb.DuckDBPyConnection, connection: Connection, out_dir: Path, first_day: date, log: Log
) -> None:
    query = (_HERE / "sql" / "deliveries" / f"{connection.name}.sql").read_text(encoding="utf-8")
    folder = out_dir / connection.folder
    folder.mkdir(parents=True, exist_ok=True)
    for delivery in _planned(duck, connection, first_day):
        (records,) = duck.execute(
            f"""
            set variable from_at = timestamp '{delivery.from_at}';
            set variable to_at = timestamp '{delivery.to_at}';
            set variable event = {files.literal(delivery.event)};
            set variable is_late = {delivery.is_late};
            create or replace temp table {files.TABLE} as
            select row_number() over () as delivery_row, * from ({query})
            """
        ).fetchone() or (0,)
        if not records:
            continue
        target = folder / delivery.file_name
        cut_row = records // 2 if (connection.name, delivery.covered_on) == BROKEN_TRANSFER else None
        _write(duck, connection, delivery, target, records, cut_row)
        written = Delivered(
            delivery, target.name, records, target.stat().st_size, "a line is cut" if cut_row else ""
        )
        log.note(written)
        if cut_row:
            key, *_ = duck.execute(
                f"select * exclude (delivery_row) from {files.TABLE} where delivery_row = ?", [cut_row]
            ).fetchone()
            log.plant(written, "truncated_line", key, cut_row, "rejected", "the line ends in the middle")
        if (connection.name, delivery.covered_on) == SENT_TWICE:
            _send_again(target, delivery, records, log)


def _send_again(target: Path, delivery: Delivery, records: int, log: Log) -> None:
    """Deliver a file a second time under the next day's name."""
    next_day = delivery.known_at + timedelta(days=1)
    again = target.with_name(target.name.replace(f"{delivery.known_at:%Y-%m-%d}", f"{next_day:%Y-%m-%d}"))
    shutil.copyfile(target, again)
    note = f"same bytes as {target.name}"
    written = Delivered(replace(delivery, known_at=next_day), again.name, records, again.stat().st_size, note)
    log.note(written)
    log.plant(written, "repeated_file", "*", None, "duplicate", f"every record of {target.name} again")


def _planned(duck: duckdb.DuckDBPyConnection, connection: Connection, first_day: date) -> list[Delivery]:
    if connection.cadence != "per_event":
        return list(time_deliveries(connection, first_day))
    events = duck.execute(
        "select distinct e.event_id, e.event_on, e.days from events e join f_event_participations p "
        "on p.event_ref = e.event_id where e.event_format = ? order by e.event_id",
        ["webinar" if connection.name == "webinars" else "offline"],
    ).fetchall()
    late = duck.execute(
        "select distinct event_ref from f_event_participations where deliver_at is not null"
    ).fetchall()
    return list(event_deliveries(connection, events, {event for (event,) in late}))


def _write(
    duck: duckdb.DuckDBPyConnection,
    connection: Connection,
    delivery: Delivery,
    target: Path,
    records: int,
    cut_row: int | None,
) -> None:
    match connection.file_format:
        case "csv":
            files.write_csv(duck, target)
        case "csv_bom":
            files.write_csv(duck, target, encoding="utf-8-sig")
        case "csv_gb18030":
            files.write_csv(duck, target, encoding="gb18030", crlf=True, trailer=f"共 {records} 条记录")
        case "csv_semicolon":
            files.write_csv(duck, target, delimiter=";")
        case "tsv":
            files.write_csv(duck, target, delimiter="\t", cut_row=cut_row)
        case "jsonl":
            files.write_jsonl(duck, target)
        case "parquet":
            files.write_parquet(duck, target)
        case "xlsx":
            title = f"{delivery.event} 观众名单" if delivery.event else ""
            trailer = "合计" if connection.name == "campaigns" else ""
            files.write_xlsx(duck, target, connection.sheet, title, trailer)
        case other:
            raise ValueError(f"No writer for '{other}' of connection {connection.name}.")


def _summary(
    duck: duckdb.DuckDBPyConnection, out_dir: Path, truth_dir: Path, seed: int, leads: int, months: int
) -> DemoSummary:
    count, size = duck.execute("select count(*), sum(file_bytes) from delivered").fetchone() or (0, 0)
    records = duck.execute("select feed, sum(records) from delivered group by feed order by feed").fetchall()
    planted = duck.execute(
        "select defect_kind, count(*) from planted group by defect_kind order by defect_kind"
    ).fetchall()
    return DemoSummary(
        landing=out_dir,
        truth=truth_dir,
        seed=seed,
        leads=leads,
        months=months,
        files=count,
        file_bytes=int(size),
        records={feed: int(found) for feed, found in records},
        planted=dict(planted),
    )
