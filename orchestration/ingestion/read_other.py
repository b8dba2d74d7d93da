"""Readers of JSON lines, Excel workbooks and Parquet."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import python_calamine as calamine

from orchestration.ingestion.lines import MAX_LINE_CHARACTERS, Lines
from orchestration.ingestion.problems import DeliveryError, did_you_mean
from orchestration.ingestion.read_csv import merged_headers
from orchestration.ingestion.schema import ConnectionSpec
from orchestration.ingestion.staging_area import (
    REJECTS_SCHEMA,
    SOURCE_TABLE,
    ParquetSink,
    Staged,
    rows_schema,
    shortened,
    unique_headers,
    use_rows,
)
from orchestration.ingestion.textfile import scan_records
from orchestration.sql import literal, quoted

_LINES_SCHEMA = pa.schema([("line_number", pa.int64()), ("text", pa.string())])
_NESTED = ("STRUCT", "MAP", "UNION", "JSON")


def read_jsonl(
    connection: duckdb.DuckDBPyConnection,
    file: Path,
    nested: list[str],
    scratch: Path,
    *,
    exact: bool,
) -> Staged:
    """Stage a UTF-8 file with one JSON object a line.

    Args:
        connection: the DuckDB connection of the run.
        file: UTF-8 without byte order mark.
        nested: dotted paths such as `contact.email` that the connection reads beside the top-level keys.
        scratch: folder for temporary files.
        exact: read line by line, so that every row has its line number and text.

    Raises:
        DeliveryError: the file is one JSON array.
    """
    records = scan_records(file, "").records
    rejects: Path | None = None
    broken = 0
    if exact or not _objects_natively(connection, file, records):
        rejects, records, broken = _objects_carefully(connection, file, scratch)
        exact = True
    keys = connection.execute(
        "select key from (select unnest(json_keys(text)) as key, delivery_row from json_objects) "
        "group by key order by min(delivery_row), key"
    ).fetchall()
    paths = {key: "/" + key.replace("~", "~0").replace("/", "~1") for (key,) in keys}
    for path in nested:
        if "." in path and path not in paths and path.split(".")[0] in paths:
            paths[path] = "/" + path.replace(".", "/")
    columns = ["delivery_row", "line_number", f"{'text' if exact else 'null::varchar'} as raw_text"]
    columns += [f"nullif(found[{place}], '') as c{place}" for place in range(1, len(paths) + 1)]
    pointers = ", ".join(literal(pointer) for pointer in paths.values())
    connection.execute(
        f"""
        create or replace temp table {SOURCE_TABLE} as
        select {", ".join(columns)}
        from (select *, json_extract_string(text, [{pointers}]::varchar[]) as found from json_objects)
        """
    )
    connection.execute("drop table json_objects")
    return Staged(unique_headers(list(paths)), records, broken, rejects, exact)


def _objects_natively(connection: duckdb.DuckDBPyConnection, file: Path, expected: int) -> bool:
    try:
        connection.execute(
            f"""
            create or replace temp table json_objects as
            select row_number() over () as delivery_row, null::bigint as line_number, json::varchar as text
            from read_json_objects({literal(file)}, format = 'newline_delimited')
            """
        )
    except duckdb.Error:
        return False
    found = connection.execute(
        "select count(*), count_if(json_type(text) = 'OBJECT') from json_objects"
    ).fetchone()
    return found == (expected, expected)


def _objects_carefully(
    connection: duckdb.DuckDBPyConnection, file: Path, scratch: Path
) -> tuple[Path, int, int]:
    """Read line by line; return the file of rejects, the number of records, and of broken ones."""
    lines_file, rejects_file = scratch / "lines.parquet", scratch / "rejects.parquet"
    with closing(Lines(file)) as source, ParquetSink(lines_file, _LINES_SCHEMA) as lines:
        place = 0
        while (line := source.take()) is not None:
            if not line.text.strip():
                continue
            place += 1
            if place == 1 and re.match(r"\s*\[", line.text):
                raise DeliveryError(
                    "The file is one JSON array; one object a line is expected. Export JSON lines instead "
                    "(`jq -c '.[]'` converts it)."
                )
            lines.add((line.number, shortened(line.text) if line.dropped else line.text.strip("\r\n")))
    read = f"read_parquet({literal(lines_file)})"
    short = f"length(text) < {MAX_LINE_CHARACTERS}"
    sound = f"{short} and json_valid(text) and json_type(try_cast(text as json)) = 'OBJECT'"
    connection.execute(
        f"""
        create or replace temp table json_objects as
        select row_number() over () as delivery_row, line_number, text
        from (select *, coalesce({sound}, false) as is_sound from {read}) where is_sound
        """
    )
    bad = connection.execute(
        f"select line_number, text from {read} where not coalesce({sound}, false) order by 1"
    )
    with ParquetSink(rejects_file, REJECTS_SCHEMA) as rejects:
        reason = "The line is not one JSON object. Correct it at its source and deliver it again."
        while batch := bad.fetchmany(1000):
            for number, text in batch:
                rejects.add((number, None, reason, shortened(text)))
    return rejects_file, lines.rows, rejects.rows


def read_parquet(connection: duckdb.DuckDBPyConnection, file: Path) -> Staged:
    """Stage a Parquet file; nested values become JSON text.

    Raises:
        DeliveryError: this is no readable Parquet file.
    """
    source = f"read_parquet({literal(file)}, file_row_number = true, hive_partitioning = false)"
    try:
        kinds = connection.execute(f"describe select * exclude (file_row_number) from {source}").fetchall()
        counted = connection.execute(
            f"select num_rows from parquet_file_metadata({literal(file)})"
        ).fetchone()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise DeliveryError(f"The file cannot be read as Parquet ({reason}). Deliver it again.") from None
    texts = ", ".join(
        f"{_parquet_text(name, kind)} as c{place}" for place, (name, kind, *_) in enumerate(kinds, 1)
    )
    connection.execute(
        f"""
        create or replace temp table {SOURCE_TABLE} as
        select
            file_row_number + 1 as delivery_row,
            file_row_number + 1 as line_number,
            null::varchar as raw_text,
            {texts}
        from {source} order by file_row_number
        """
    )
    return Staged(unique_headers([name for name, *_ in kinds]), counted[0] if counted else 0)


def _parquet_text(name: str, kind: str) -> str:
    if kind.startswith(_NESTED) or kind.endswith("]"):
        return f"to_json({quoted(name)})::varchar"
    return f"nullif({quoted(name)}::varchar, '')"


def read_xlsx(
    connection: duckdb.DuckDBPyConnection, file: Path, spec: ConnectionSpec, scratch: Path
) -> Staged:
    """Stage a sheet of an Excel workbook; line numbers are sheet rows.

    Raises:
        DeliveryError: no workbook, no such sheet, or no header row.
    """
    sheet = _sheet(file, spec)
    merged = sheet.merged_cell_ranges or []
    first_column = (sheet.start or (0, 0))[1]
    trailers = [re.compile(pattern) for pattern in spec.trailer]
    header: list[list[str]] = []
    header_rows = max(spec.header_rows, 1)
    names: list[str] = []
    trailer_rows = 0
    sink: ParquetSink | None = None
    try:
        for number, values in enumerate(sheet.iter_rows(), start=1):
            cells = [cell_text(value) for value in values]
            if number <= spec.skip_rows or not any(cell.strip() for cell in cells):
                continue
            if len(header) < header_rows:
                _fill_merged(cells, number - 1, first_column, merged)
                header.append(cells)
                if len(header) < header_rows:
                    continue
                names = _names(header, spec)
                sink = ParquetSink(scratch / "rows.parquet", rows_schema(len(names)))
                if spec.header_rows:
                    continue
            filled = [cell.strip() for cell in cells if cell.strip()]
            if len(filled) == 1 and any(trailer.match(filled[0]) for trailer in trailers):
                trailer_rows += 1
                continue
            assert sink is not None
            sink.add((sink.rows + 1, number, shortened("\t".join(cells)), *(cell or None for cell in cells)))
    finally:
        if sink is not None:
            sink.__exit__(None, None, None)
    if sink is None:
        raise DeliveryError(f"The sheet '{sheet.name}' has no header row. Correct `sheet` or `skip_rows`.")
    use_rows(connection, sink.path)
    notes = [f"{trailer_rows} trailer rows are not records."] if trailer_rows else []
    return Staged(names, sink.rows, notes=notes)


def _sheet(file: Path, spec: ConnectionSpec) -> calamine.CalamineSheet:
    if file.stat().st_size == 0:
        raise DeliveryError("The file is empty. Deliver it again, or remove it.")
    try:
        workbook = calamine.CalamineWorkbook.from_path(str(file))
    except (calamine.CalamineError, OSError) as error:
        with file.open("rb") as opened:
            head = opened.read(60)
        if b"\x00" in head or head.startswith(b"PK"):
            raise DeliveryError(f"The workbook is damaged ({error}). Deliver it again.") from None
        start = head.decode("utf-8", "replace").split("\n")[0].strip()
        what = "a web page" if start.startswith("<") else "text"
        remedy = "Save it as .xlsx in Excel first." if start.startswith("<") else "Use `reader: csv`."
        raise DeliveryError(
            f"This is not an Excel workbook but {what}: it begins with '{start}'. {remedy}"
        ) from None
    wanted = spec.sheet or workbook.sheet_names[0]
    if wanted not in workbook.sheet_names:
        remedy = did_you_mean(wanted, workbook.sheet_names, listing="Its sheets:")
        raise DeliveryError(f"The workbook has no sheet '{wanted}'. {remedy}")
    return workbook.get_sheet_by_name(wanted)


def _names(header: list[list[str]], spec: ConnectionSpec) -> list[str]:
    if spec.header_rows:
        return merged_headers(header, fill=False)
    return [f"column_{place}" for place in range(1, len(header[0]) + 1)]


def _fill_merged(
    cells: list[str], row: int, first_column: int, merged: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    for (top, left), (bottom, right) in merged:
        if top <= row <= bottom:
            for column in range(left, right + 1):
                place = column - first_column
                if 0 <= place < len(cells) and not cells[place] and top == row:
                    cells[place] = cells[left - first_column]


def cell_text(value: object) -> str:
    """Return an Excel value as text: whole numbers without `.0`, dates in ISO form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        # Excel counts days in binary fractions: 09:14 may arrive as 09:13:59.999999.
        nearest = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        return (nearest if abs(nearest - value) < timedelta(milliseconds=1) else value).isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        hours, seconds = divmod(round(value.total_seconds()), 3600)
        return f"{hours}:{seconds // 60:02}:{seconds % 60:02}"
    return "" if value is None else str(value)
