"""Writers of delivered files: every byte follows from the rows, so the same rows give the same file."""

from __future__ import annotations

import codecs
import zipfile
from pathlib import Path

import duckdb

from orchestration.sql import literal, quoted

TABLE = "delivery"
"""Temporary table with the rows to write, in their order; `delivery_row` counts from 1 and is not written."""

_CHUNK_BYTES = 1 << 20
_ZIP_DATE = (2020, 1, 1, 0, 0, 0)
_SERIAL = ".serial"


def write_csv(
    duck: duckdb.DuckDBPyConnection,
    file: Path,
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
    crlf: bool = False,
    trailer: str = "",
    cut_row: int | None = None,
) -> None:
    """Write the rows as delimited text with a header.

    Args:
        duck: connection that holds the table `delivery`.
        file: target.
        delimiter: one character.
        encoding: name of a Python codec; `utf-8-sig` puts a byte order mark in front.
        crlf: lines end as on Windows; only for rows without line breaks inside a cell.
        trailer: a last line that is no record, such as a count.
        cut_row: leave only the first third of this row, as a broken transfer does; counts from 1.
    """
    duck.execute(
        f"copy (select * exclude (delivery_row) from {TABLE} order by delivery_row) to {literal(file)} "
        f"(format csv, header, delimiter {literal(delimiter)})"
    )
    if cut_row is not None:
        _cut_line(file, cut_row)
    if trailer:
        with file.open("ab") as target:
            target.write(trailer.encode() + b"\n")
    if encoding != "utf-8" or crlf:
        _transcode(file, encoding, crlf)


def write_jsonl(duck: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Write the rows as one JSON object a line; empty values are null."""
    duck.execute(
        f"copy (select * exclude (delivery_row) from {TABLE} order by delivery_row) "
        f"to {literal(file)} (format json)"
    )


def write_parquet(duck: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Write the rows as Parquet."""
    duck.execute(
        f"copy (select * exclude (delivery_row) from {TABLE} order by delivery_row) to {literal(file)} "
        "(format parquet, compression zstd, row_group_size 100000)"
    )


def write_xlsx(
    duck: duckdb.DuckDBPyConnection, file: Path, sheet: str, title: str = "", trailer: str = ""
) -> None:
    """Write the rows as a workbook of one sheet; SQL makes the XML, only the archive is made here.

    A column `<header>.serial` is not shown: its text fills the empty cells of `<header>` as a bare number.

    Args:
        duck: connection that holds the table `delivery`.
        file: target.
        sheet: name of the sheet.
        title: text of a first row above the header; none when empty.
        trailer: text of the first cell of a last row, such as a total; none when empty.
    """
    columns = _columns(duck)
    names = [name for name, _ in columns]
    shown = [(name, kind) for name, kind in columns if not name.endswith(_SERIAL)]
    above = 2 if title else 1
    cells = [
        _cell(place, name, kind, f"{name}{_SERIAL}" if f"{name}{_SERIAL}" in names else None, above)
        for place, (name, kind) in enumerate(shown)
    ]
    (rows,) = duck.execute(
        f"select coalesce(string_agg('<row r=\"' || (delivery_row + {above}) || '\">' "
        f"|| {' || '.join(cells)} || '</row>', '' order by delivery_row), '') from {TABLE}"
    ).fetchone() or ("",)
    (count,) = duck.execute(f"select count(*) from {TABLE}").fetchone() or (0,)
    head = _text_row(1, [title]) if title else ""
    head += _text_row(above, [name for name, _ in shown])
    tail = _text_row(count + above + 1, [trailer]) if trailer else ""
    _zip_workbook(file, sheet, head + rows + tail)


def _columns(duck: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    found = duck.execute(f"select column_name, column_type from (describe {TABLE})").fetchall()
    return [(name, kind) for name, kind in found if name != "delivery_row"]


def _transcode(file: Path, encoding: str, crlf: bool) -> None:
    source = file.with_suffix(file.suffix + ".utf8")
    file.rename(source)
    decode = codecs.getincrementaldecoder("utf-8")().decode
    encode = codecs.getincrementalencoder(encoding)().encode
    with source.open("rb") as given, file.open("wb") as target:
        while chunk := given.read(_CHUNK_BYTES):
            text = decode(chunk)
            target.write(encode(text.replace("\n", "\r\n") if crlf else text))
    source.unlink()


def _cut_line(file: Path, row: int) -> None:
    lines = file.read_bytes().split(b"\n")
    # Row 1 follows the header. Ids and dates come first, so the cut does not fall into a character.
    lines[row] = lines[row][: len(lines[row]) // 3]
    file.write_bytes(b"\n".join(lines))


def _letter(place: int) -> str:
    return chr(65 + place) if place < 26 else chr(64 + place // 26) + chr(65 + place % 26)


def _cell(place: int, name: str, kind: str, serial: str | None, above: int) -> str:
    """Return SQL of one cell's XML, empty text for an empty cell."""
    value, letter = quoted(name), _letter(place)
    opening = f"'<c r=\"{letter}' || (delivery_row + {above}) || '\"'"
    if kind.startswith("TIMESTAMP"):
        # Excel counts days from 1899-12-30; the fraction is integer arithmetic: no digit depends on a float.
        days = f"date_diff('day', date '1899-12-30', cast({value} as date))"
        fraction = f"lpad(((epoch({value})::bigint % 86400) * 10000000000 // 86400)::varchar, 10, '0')"
        cell = f"{opening} || ' s=\"1\"><v>' || {days} || '.' || {fraction} || '</v></c>'"
    elif kind.startswith(("BIGINT", "INTEGER", "HUGEINT", "DECIMAL")):
        cell = f"{opening} || '><v>' || {value} || '</v></c>'"
    else:
        escaped = f"replace(replace(replace({value}::varchar, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
        cell = (
            f"{opening} || ' t=\"inlineStr\"><is><t xml:space=\"preserve\">' || {escaped} || '</t></is></c>'"
        )
    if serial:
        number = quoted(serial)
        cell = f"coalesce({cell}, {opening} || '><v>' || {number} || '</v></c>')"
    return f"coalesce({cell}, '')"


def _text_row(row: int, texts: list[str]) -> str:
    cells = "".join(
        f'<c r="{_letter(place)}{row}" t="inlineStr"><is><t>{text}</t></is></c>'
        for place, text in enumerate(texts)
    )
    return f'<row r="{row}">{cells}</row>'


def _zip_workbook(file: Path, sheet: str, rows: str) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
            f'<sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
            f'Type="{relations}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
            '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
            '<cellXfs count="2"><xf/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
    }
    # Stored, not deflated: compressors differ between builds of Python.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.create_system = 3
            archive.writestr(entry, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + content)
