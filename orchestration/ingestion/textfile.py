"""Bytes of a delivered text file: its hash, its encoding, and a count of its records that no parser made."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestration.ingestion.problems import DeliveryError

CHUNK_BYTES = 1 << 20
# GB18030 contains GBK, and files called GBK use characters that only GB18030 has.
_CODECS = {
    "utf-8": "utf-8",
    "utf-8-bom": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "latin-1": "latin-1",
    "windows-1252": "cp1252",
    "utf-16": "utf-16",
}
_MAGIC = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive", "Use `reader: xlsx`, or unpack it first."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "Use `reader: xlsx`."),
    (b"\x1f\x8b", "compressed with gzip", "Unpack it first."),
    (b"PAR1", "a Parquet file", "Use `reader: parquet`."),
)
# Share of GB 2312 characters among the non-ASCII ones below which GB18030 is no believable guess:
# nearly every Latin-1 file decodes as GB18030, into rare characters.
_BELIEVABLE_GB2312_SHARE = 0.7


@dataclass(frozen=True)
class Utf8File:
    """A text file as UTF-8 without byte order mark; `path` is the delivered file or a temporary copy."""

    path: Path
    encoding: str


@dataclass(frozen=True)
class RecordScan:
    """What the bytes say: records are separated by line ends outside quotes; blank lines are none."""

    records: int
    longest_bytes: int
    even_line_ends: bool
    closed_quotes: bool


def sha256(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal, reading it as a stream."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def to_utf8(path: Path, encoding: str, copy: Path) -> Utf8File:
    """Return the file as UTF-8, through a temporary copy where it is anything else.

    Args:
        path: the delivered file.
        encoding: a name of the connection schema; `auto` tries byte order mark, UTF-8, GB18030 in that order.
        copy: where a converted copy goes.

    Raises:
        DeliveryError: empty, not a text file, or not in that encoding; byte offset and line are named.
    """
    with path.open("rb") as file:
        head = file.read(CHUNK_BYTES)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise DeliveryError("The file is empty. Deliver it again, or remove it.")
    for magic, what, remedy in _MAGIC:
        if head.startswith(magic):
            raise DeliveryError(f"This is not a text file but {what}. {remedy}")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and encoding in ("auto", "utf-16"):
        return _converted(path, "utf-16", copy, 0)
    start = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    if encoding == "auto":
        if head.count(0) > len(head) // 5:
            raise DeliveryError(
                "The file is full of zero bytes. If it is UTF-16, declare `encoding: utf-16`."
            )
        return _detected(path, copy, start)
    codec = _CODECS[encoding]
    if codec == "utf-8":
        if start:
            return _converted(path, codec, copy, start)
        failure = _first_failure(path, codec)
        if failure:
            raise DeliveryError(_wrong_encoding(path, encoding, failure))
        return Utf8File(path, encoding)
    try:
        return _converted(path, codec, copy, 0)
    except UnicodeDecodeError as error:
        raise DeliveryError(_wrong_encoding(path, encoding, error.start)) from None


def _detected(path: Path, copy: Path, start: int) -> Utf8File:
    failure = _first_failure(path, "utf-8", start)
    if failure is None:
        return _converted(path, "utf-8", copy, start) if start else Utf8File(path, "utf-8")
    remedy = "Declare it in the connection, such as `encoding: latin-1` for a Western European export."
    try:
        guess = _converted(path, "gb18030", copy, 0)
    except UnicodeDecodeError as error:
        raise DeliveryError(
            f"The encoding is neither UTF-8 (byte {failure}, line {_line_of(path, failure)}) "
            f"nor GB18030 (byte {error.start}, line {_line_of(path, error.start)}). {remedy}"
        ) from None
    if _gb2312_share(copy) < _BELIEVABLE_GB2312_SHARE:
        raise DeliveryError(
            f"The encoding is not UTF-8 (byte {failure}, line {_line_of(path, failure)}) "
            f"and does not look like Chinese text in GB18030 either. {remedy}"
        )
    return guess


def _decoded(path: Path, codec: str, start: int) -> Iterator[str]:
    """Yield the text of a file in pieces; UnicodeDecodeError.start is the offset in the file."""
    decoder = codecs.getincrementaldecoder(codec)()
    with path.open("rb") as file:
        file.seek(start)
        position = start
        while True:
            chunk = file.read(CHUNK_BYTES)
            position += len(chunk)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                error.start += position - len(error.object)
                raise
            if text:
                yield text
            if not chunk:
                return


def _first_failure(path: Path, codec: str, start: int = 0) -> int | None:
    try:
        for _ in _decoded(path, codec, start):
            pass
    except UnicodeDecodeError as error:
        return error.start
    return None


def _converted(path: Path, codec: str, copy: Path, start: int) -> Utf8File:
    with copy.open("wb") as target:
        for place, text in enumerate(_decoded(path, codec, start)):
            target.write((text.removeprefix("\ufeff") if place == 0 else text).encode("utf-8"))
    return Utf8File(copy, codec)


def _line_of(path: Path, offset: int) -> int:
    line, left = 1, offset
    with path.open("rb") as file:
        while left > 0 and (chunk := file.read(min(CHUNK_BYTES, left))):
            line += chunk.count(b"\n")
            left -= len(chunk)
    return line


def _wrong_encoding(path: Path, encoding: str, offset: int) -> str:
    with path.open("rb") as file:
        file.seek(offset)
        found = file.read(4).hex(" ")
    return (
        f"The connection says `encoding: {encoding}`, but byte {offset} (line {_line_of(path, offset)}: "
        f"{found}) cannot be read so. Declare the right encoding or use `encoding: auto`."
    )


def _gb2312_share(utf8: Path) -> float:
    others = simplified = 0
    for text in _decoded(utf8, "utf-8", 0):
        foreign = (
            "".join(character for character in text if ord(character) > 127) if not text.isascii() else ""
        )
        others += len(foreign)
        simplified += len(foreign.encode("gb2312", "ignore")) // 2
    return simplified / others if others else 1.0


def scan_records(path: Path, quote: str, start: int = 0) -> RecordScan:
    """Count the records of a UTF-8 text file by its bytes.

    Args:
        path: a UTF-8 file without byte order mark.
        quote: the quote character, empty for none.
        start: byte offset to begin at.
    """
    quote_byte = ord(quote) if quote else 256
    open_quote = 0
    records = longest = line_feeds = pairs = lone_returns = 0
    record_start = position = start
    last = 10
    with path.open("rb") as file:
        file.seek(start)
        while chunk := file.read(CHUNK_BYTES):
            data = np.frombuffer(chunk, np.uint8)
            ends = np.flatnonzero(data == 10)
            returns = np.flatnonzero(data == 13)
            if quote and (open_quote or quote.encode() in chunk):
                inside = (np.cumsum(data == quote_byte, dtype=np.uint8) + open_quote) & 1
                ends, returns = ends[inside[ends] == 0], returns[inside[returns] == 0]
                open_quote = int(inside[-1])
            before = np.where(ends > 0, data[ends - 1], last) == 13
            line_feeds += len(ends)
            pairs += int(before.sum())
            lone_returns += len(returns)
            if len(ends):
                starts = np.concatenate(([record_start], ends[:-1] + position + 1))
                lengths = ends + position - starts - before
                records += int((lengths > 0).sum())
                longest = max(longest, int(lengths.max()))
                record_start = position + int(ends[-1]) + 1
            last = int(data[-1])
            position += len(chunk)
    rest = position - record_start
    records += rest > 0
    even = lone_returns == pairs and pairs in (0, line_feeds)
    return RecordScan(records, max(longest, rest), even, not open_quote)
