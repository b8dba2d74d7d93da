"""CSV: read natively by DuckDB, and record by record where the bytes or DuckDB say that something is off.

DuckDB is fast but, asked to skip broken lines, it loses lines beyond its buffer without a word and counts
records instead of lines. So it may only read a file in which every record is sound: it has to find as many
records as the bytes contain, without a single error. Any other file is read by `_read_carefully`, which
knows the line and the text of every record and gives up nothing but the broken line itself.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import duckdb

from orchestration.ingestion.lines import MAX_LINE_CHARACTERS, Line, Lines, TooLong
from orchestration.ingestion.problems import DeliveryError
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
from orchestration.sql import literal

csv.field_size_limit(MAX_LINE_CHARACTERS)
_FAST_RECORD_BYTES = 1_900_000
_MAX_REREAD_CHARACTERS = 512 << 20
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


@dataclass(frozen=True)
class _Header:
    names: list[str]
    lines: int
    records: int


def read_csv(
    connection: duckdb.DuckDBPyConnection, file: Path, spec: ConnectionSpec, scratch: Path, *, exact: bool
) -> Staged:
    """Stage a UTF-8 text file with delimiters.

    Args:
        connection: the DuckDB connection of the run.
        file: UTF-8 without byte order mark.
        spec: delimiter, quote, header and trailer of the connection.
        scratch: folder for temporary files.
        exact: read record by record, so that every row has its line number and text.

    Raises:
        DeliveryError: no header, or the file is cut off.
    """
    header = _read_header(file, spec)
    if not (exact or spec.trailer) and header.lines == header.records:
        staged = _read_natively(connection, file, spec, header)
        if staged:
            return staged
    return _read_carefully(connection, file, spec, header, scratch)


def header_hint(headers: list[str], delimiter: str) -> str:
    """Return a remedy where a header looks as if it were split by another delimiter, else nothing."""
    if len(headers) == 1:
        for other, name in _DELIMITERS.items():
            if other != delimiter and other in headers[0]:
                return f" The header looks as if it were split by {name}: add `delimiter: {name}`."
    return ""


def _dialect(spec: ConnectionSpec) -> dict[str, object]:
    if spec.quote:
        return {"delimiter": spec.delimiter, "quotechar": spec.quote, "strict": True}
    return {"delimiter": spec.delimiter, "quoting": csv.QUOTE_NONE, "quotechar": None, "strict": True}


def _read_header(file: Path, spec: ConnectionSpec) -> _Header:
    with closing(Lines(file)) as lines:
        return _header_of(lines, spec)


def _header_of(lines: Lines, spec: ConnectionSpec) -> _Header:
    skipped = [lines.take() for _ in range(spec.skip_rows)]
    rows: list[list[str]] = []
    records = sum(1 for line in skipped if line and line.text.strip("\r\n"))
    wanted = max(spec.header_rows, 1)
    try:
        for row in csv.reader(lines.texts(), **_dialect(spec)):
            if row:
                rows.append(row)
                records += 1
            if len(rows) == wanted:
                break
    except (csv.Error, TooLong) as error:
        raise DeliveryError(f"The header in line {lines.number} cannot be read: {error}.") from None
    if len(rows) < wanted:
        raise DeliveryError("The file has no header row. Deliver it again, or correct `skip_rows`.")
    if spec.header_rows == 0:
        return _Header(
            [f"column_{place}" for place in range(1, len(rows[0]) + 1)], spec.skip_rows, records - 1
        )
    return _Header(merged_headers(rows), lines.number, records)


def merged_headers(rows: list[list[str]], *, fill: bool = True) -> list[str]:
    """Return one header per column out of one or more header rows, joined by ` / `.

    Args:
        rows: the header rows, group titles first.
        fill: a group title also stands for the empty cells to its right.
    """
    if fill:
        for row in rows[:-1]:
            for place in range(1, len(row)):
                row[place] = row[place] or row[place - 1]
    columns = (
        [cell.strip() for cell in column if cell.strip()] for column in zip_longest(*rows, fillvalue="")
    )
    return unique_headers([" / ".join(dict.fromkeys(parts)) for parts in columns])


def _read_natively(
    connection: duckdb.DuckDBPyConnection, file: Path, spec: ConnectionSpec, header: _Header
) -> Staged | None:
    scan = scan_records(file, spec.quote)
    if not (scan.even_line_ends and scan.closed_quotes and scan.longest_bytes < _FAST_RECORD_BYTES):
        return None
    expected = scan.records - header.records
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(1, len(header.names) + 1))
    quote = literal(spec.quote)
    try:
        (found,) = connection.execute(
            f"""
            create or replace temp table {SOURCE_TABLE} as
            select
                row_number() over () as delivery_row,
                null::bigint as line_number,
                null::varchar as raw_text,
                *
            from read_csv(
                {literal(file)}, auto_detect = false, header = false, skip = {header.lines},
                delim = {literal(spec.delimiter)}, quote = {quote}, escape = {quote},
                columns = {{{columns}}}
            )
            """
        ).fetchone() or (0,)
    except duckdb.Error:
        return None
    return Staged(header.names, records=expected, exact=False) if found == expected else None


def _read_carefully(
    connection: duckdb.DuckDBPyConnection, file: Path, spec: ConnectionSpec, header: _Header, scratch: Path
) -> Staged:
    width = len(header.names)
    trailers = [re.compile(pattern) for pattern in spec.trailer]
    rows_file, rejects_file = scratch / "rows.parquet", scratch / "rejects.parquet"
    trailer_lines = 0
    cut_off: str | None = None
    with (
        ParquetSink(rows_file, rows_schema(width)) as rows,
        ParquetSink(rejects_file, REJECTS_SCHEMA) as rejects,
    ):
        for lines, cells, mistake in _records(file, spec, header):
            text = "".join(line.text for line in lines).rstrip("\r\n")
            if cells is not None:
                filled = [cell for cell in cells if cell.strip()]
                if (
                    len(filled) == 1
                    and cells[0]
                    and any(trailer.match(cells[0].strip()) for trailer in trailers)
                ):
                    trailer_lines += 1
                    continue
                if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
                    cells = cells[:width]
                if len(cells) != width:
                    mistake = f"The line has {len(cells)} values, the header has {width} columns"
            if mistake is None and cells is not None:
                rows.add((rows.rows + 1, lines[0].number, shortened(text), *(cell or None for cell in cells)))
                cut_off = None
                continue
            ended = lines[-1].text.endswith(("\n", "\r")) or lines[-1].dropped
            cut_off = None if ended else f"line {lines[0].number}: {mistake}"
            remedy = "Correct the line at its source and deliver it again."
            rejects.add((lines[0].number, None, f"{mistake}. {remedy}", shortened(text)))
    if cut_off:
        raise DeliveryError(
            f"The file looks cut off: its last line is incomplete and has no line end ({cut_off}). "
            "Nothing of it was stored; deliver the whole file again."
        )
    use_rows(connection, rows_file)
    notes = [f"{trailer_lines} trailer lines are not records."] if trailer_lines else []
    return Staged(header.names, rows.rows + rejects.rows, rejects.rows, rejects_file, notes=notes)


def _records(
    file: Path, spec: ConnectionSpec, header: _Header
) -> Iterator[tuple[list[Line], list[str] | None, str | None]]:
    """Yield (lines, cells, None) of each record, or (first line, None, mistake) of one that is broken."""
    with closing(Lines(file)) as source:
        for _ in range(header.lines):
            source.take()
        yield from _records_of(source, spec)


def _records_of(
    source: Lines, spec: ConnectionSpec
) -> Iterator[tuple[list[Line], list[str] | None, str | None]]:
    reread = 0
    parser = csv.reader(source.texts(), **_dialect(spec))
    while True:
        source.taken.clear()
        try:
            cells = next(parser)
        except StopIteration:
            return
        except (csv.Error, TooLong) as error:
            mistake = _in_words(error, source.taken)
            first, *others = list(source.taken)
            reread += sum(len(line.text) for line in others)
            if reread > _MAX_REREAD_CHARACTERS:
                raise DeliveryError(
                    f"Quotes are opened again and again without being closed, last in line {first.number}. "
                    "If the file does not use quotes, declare `quote: none`."
                ) from None
            source.put_back(others)
            parser = csv.reader(source.texts(), **_dialect(spec))
            yield [first], None, mistake
            continue
        if cells:
            yield list(source.taken), cells, None


def _in_words(error: Exception, taken: list[Line]) -> str:
    text = str(error)
    if isinstance(error, TooLong) and "characters" in text:
        return f"This is no sound record: {text}"
    if isinstance(error, TooLong) or "unexpected end of data" in text or len(taken) > 1:
        return "A quote is opened and never closed"
    if "expected after" in text:
        return "After a closing quote there is more text; a quote within a value must be doubled"
    if "field larger than" in text:
        return f"A value has more than {MAX_LINE_CHARACTERS} characters"
    return f"The line cannot be split into columns ({text})"
