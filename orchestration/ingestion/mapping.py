"""From the text columns of a file to the columns of a feed, in one statement per delivery."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass

import duckdb

from orchestration.ingestion.connection import Connection
from orchestration.ingestion.contracts import Column
from orchestration.ingestion.problems import DeliveryError, did_you_mean
from orchestration.ingestion.read_csv import header_hint
from orchestration.ingestion.schema import ColumnRule, ConnectionSpec
from orchestration.ingestion.staging_area import SOURCE_TABLE, Staged
from orchestration.ingestion.values import trimmed, typed, without_null_words
from orchestration.sql import literal, quoted

MAPPED_TABLE = "delivery_mapped"
# 64 bits of a hash instead of the text: 20 million events stay below a gigabyte. Two keys that collide are
# taken for versions of one another, so that nothing is lost.
KEY_ID = "md5_number_lower(record_key)"
VERSION_ID = "md5_number_lower(row_hash)"
_SEPARATOR = "'\x1f'"


@dataclass(frozen=True)
class Mapping:
    """Which column of the file feeds which column of the contract.

    `rules` has the rule of each mapped contract column, `places` the file columns by normalised header,
    `custom` the headers that stay as custom attributes, `notes` what a person should know.
    """

    rules: dict[str, ColumnRule]
    places: dict[str, int]
    custom: list[str]
    notes: list[str]


def normalised(header: str) -> str:
    """Return a header as it is compared: width, case and blanks do not count."""
    return " ".join(unicodedata.normalize("NFKC", header).casefold().split())


def resolve(connection: Connection, headers: list[str]) -> Mapping:
    """Match the connection with the header of a file.

    Raises:
        DeliveryError: a column that the contract or the key needs is not in the file.
    """
    spec, feed = connection.spec, connection.feed
    places: dict[str, int] = {}
    for place, header in enumerate(headers, start=1):
        places.setdefault(normalised(header), place)
    rules = dict(spec.columns)
    named = {normalised(header) for rule in rules.values() for header in rule.headers}
    for column in feed.columns:
        # A column that already has the contract's name needs no line in the connection.
        own = normalised(column.name)
        if (
            column.name not in rules
            and column.name not in spec.constants
            and own in places
            and own not in named
        ):
            rules[column.name] = ColumnRule(sources=[column.name])
    if spec.key_is_row_hash:
        rules.pop(feed.key, None)
    elif spec.key:
        rules[feed.key] = spec.key
    notes: list[str] = []
    for name, rule in list(rules.items()):
        missing = [header for header in rule.headers if normalised(header) not in places]
        # A key must be whole; other texts are joined from what the file has.
        if len(missing) == len(rule.headers) or (rule.join and missing and name == feed.key):
            place = ("key",) if name == feed.key and spec.key else ("columns", name)
            _report_missing(connection, feed.column(name), missing, headers, place, notes)
            rules.pop(name)
    for column in feed.columns:
        given = column.name in rules or column.name in spec.constants
        if column.required and not given and not (column.name == feed.key and spec.key):
            hint = header_hint(headers, spec.delimiter) if connection.reader == "csv" else ""
            raise DeliveryError(
                f"The feed {feed.name} needs '{column.name}' ({column.description}), and no column of the "
                f"file fills it.{hint} Add `{column.name}: <column of the file>` under `columns` in "
                f"{connection.file}, or a constant. The file has: {_listed(headers)}."
            )
    used = {normalised(header) for rule in rules.values() for header in rule.headers}
    custom = [header for header in headers if normalised(header) not in used and spec.keeps(header)]
    return Mapping(rules, places, custom, notes)


def _report_missing(
    connection: Connection,
    column: Column,
    missing: list[str],
    headers: list[str],
    place: tuple[str, ...],
    notes: list[str],
) -> None:
    line = connection.line(*place)
    where = f"{connection.file}:{line}" if line else str(connection.file)
    hint = header_hint(headers, connection.spec.delimiter) if connection.reader == "csv" else ""
    remedy = hint.strip() or did_you_mean(missing[0], headers)
    if column.required:
        raise DeliveryError(
            f"The file has no column '{missing[0]}', which {where} reads as '{column.name}', and the feed "
            + " ".join(
                part
                for part in (
                    f"{connection.feed.name} cannot do without.",
                    remedy,
                    f"The file has: {_listed(headers)}.",
                )
                if part
            )
        )
    notes.append(
        f"No column '{missing[0]}' in the file ({where}): '{column.name}' stays empty. {remedy}".strip()
    )


def _listed(headers: list[str]) -> str:
    shown = ", ".join(f"'{header}'" for header in headers[:30])
    return f"{shown} and {len(headers) - 30} more" if len(headers) > 30 else shown


def map_rows(
    duck: duckdb.DuckDBPyConnection, connection: Connection, staged: Staged, mapping: Mapping
) -> None:
    """Create `delivery_mapped`: the contract's columns typed, key, hash, and why a record is rejected.

    Beside the contract's columns it has delivery_row, line_number, raw_text, custom_attributes,
    unparsed_values, record_key, row_hash, their short forms key_id and version_id, asserted_at (where rows
    assert one), reject_column, rejected_because.
    """
    duck.execute(f"create or replace temp table {MAPPED_TABLE} as {mapping_sql(connection, staged, mapping)}")


def mapping_sql(connection: Connection, staged: Staged, mapping: Mapping) -> str:
    """Return the statement behind `map_rows`."""
    spec, feed = connection.spec, connection.feed
    texts, values, unparsed, filled = [], [], [], []
    for column in feed.columns:
        name, own = column.name, quoted(column.name)
        rule = mapping.rules.get(name)
        delivered, text = _texts(connection, mapping, name, rule, staged)
        data_type = "varchar" if name == feed.key else column.data_type
        if text != "null::varchar":
            filled.append(name)
        if data_type == "varchar":
            texts.append(f"{text} as {own}")
            values.append(own)
            if rule and rule.extract:
                unparsed.append(name)
        elif rule is None and name not in spec.constants:
            values.append(f"null::{data_type} as {own}")
            continue
        else:
            formats = (rule.formats if rule else []) or spec.date_formats
            if connection.reader in ("xlsx", "parquet") and "iso" not in formats:
                formats = [*formats, "iso"]
            texts.append(f"{trimmed(text)} as {quoted('text of ' + name)}")
            parsed = typed(
                quoted("text of " + name), data_type, spec, formats, rule.divide_by if rule else None
            )
            values.append(f"{parsed} as {own}")
            unparsed.append(name)
        if name in unparsed or column.required or name == feed.key:
            texts.append(f"{delivered} as {_delivered(name)}")
            values.append(_delivered(name))
    return f"""
        with texts as (
            select
                delivery_row, line_number, raw_text,
                {json_object([(header, _cell(spec, mapping, header)) for header in mapping.custom])}
                    as custom_attributes,
                {_asserted_at(connection, mapping)} as asserted_text,
                {_joined(texts)}
            from {SOURCE_TABLE}
        ),
        typed as (
            select
                delivery_row, line_number, raw_text, custom_attributes, asserted_text,
                {_joined(values)}
            from texts
        ),
        checked as (
            select
                *,
                {_unparsed(unparsed)} as unparsed_values,
                {_reject(connection, mapping)}
            from typed
        )
        select
            delivery_row, line_number, raw_text,
            {_joined([quoted(name) for name in feed.column_names])},
            custom_attributes, unparsed_values,
            {literal(spec.system + ":")} || {trimmed(quoted(feed.key))} as record_key,
            md5({_hash_parts(filled)}) as row_hash,
            {KEY_ID} as key_id,
            {VERSION_ID} as version_id,
            {_asserted_value(connection)} as asserted_at,
            reject.name as reject_column, reject.reason as rejected_because
        from checked
    """


def _joined(parts: list[str]) -> str:
    return ",\n                ".join(parts)


def _cell(spec: ConnectionSpec, mapping: Mapping, header: str) -> str:
    return without_null_words(f"c{mapping.places[normalised(header)]}", spec.null_words)


def _delivered(name: str) -> str:
    return quoted("delivered " + name)


def _texts(
    connection: Connection, mapping: Mapping, name: str, rule: ColumnRule | None, staged: Staged
) -> tuple[str, str]:
    """Return SQL of the text as delivered, and of the text that is parsed into the column."""
    spec, feed = connection.spec, connection.feed
    if name == feed.key and spec.key_is_row_hash:
        parts = [
            f"{literal(header + '=')} || c{place}" for place, header in enumerate(staged.headers, start=1)
        ]
        hashed = f"md5(concat_ws({_SEPARATOR}, {', '.join(sorted(parts))}))"
        return hashed, hashed
    if rule is None:
        constant = spec.constants.get(name)
        text = "null::varchar" if constant is None else literal(constant)
        return text, text
    present = [header for header in rule.headers if normalised(header) in mapping.places]
    found = [_cell(spec, mapping, header) for header in present]
    if rule.join:
        parts = ", ".join(trimmed(cell) for cell in found)
        source = f"nullif(concat_ws({literal(rule.separator)}, {parts}), '')"
    else:
        source = found[0] if len(found) == 1 else f"coalesce({', '.join(found)})"
    text = source
    if rule.extract:
        text = f"nullif(regexp_extract({text}, {literal(rule.extract)}, 1), '')"
    if rule.values:
        branches = " ".join(
            f"when {literal(raw.strip().lower())} then {literal(canonical)}"
            for raw, canonical in rule.values.items()
        )
        text = f"case lower({trimmed(text)}) {branches} else {text} end"
    return source, text


def json_object(members: list[tuple[str, str]]) -> str:
    """Return SQL of a JSON object as text, by name, without nulls; null when it is empty."""
    if not members:
        return "null::varchar"
    parts = [
        f"{literal(json.dumps(name, ensure_ascii=False) + ':')} || to_json({value})::varchar"
        for name, value in sorted(members)
    ]
    return f"'{{' || nullif(concat_ws(',', {', '.join(parts)}), '') || '}}'"


def _unparsed(names: list[str]) -> str:
    members = [(name, f"case when {quoted(name)} is null then {_delivered(name)} end") for name in names]
    return json_object(members)


def _reject(connection: Connection, mapping: Mapping) -> str:
    feed = connection.feed
    branches = []
    for column in feed.columns:
        if not (column.required or column.name == feed.key):
            continue
        rule = mapping.rules.get(column.name)
        header = literal(rule.headers[0] if rule else column.name)
        value = trimmed(quoted(column.name)) if column.data_type == "varchar" else quoted(column.name)
        source = _delivered(column.name)
        empty = literal(f"The record has no {column.name} ({column.description}). Fill it at the source.")
        wrong = literal(
            f"' is no {column.data_type} for {column.name}. Correct it, or the formats of the connection."
        )
        branches += [
            f"when {value} is null and {trimmed(source)} is null "
            f"then {{'name': {header}, 'reason': {empty}}}",
            f"when {value} is null "
            f"then {{'name': {header}, 'reason': chr(39) || left({source}, 200) || {wrong}}}",
        ]
    return f"case {' '.join(branches)} end as reject"


def _hash_parts(names: list[str]) -> str:
    # Names are part of the hash and nulls are not: a column added to the contract later changes no hash.
    every = [*names, "custom_attributes", "unparsed_values"]
    parts = [f"{literal(name + '=')} || {quoted(name)}::varchar" for name in every]
    return f"concat_ws({_SEPARATOR}, {', '.join(parts)})"


def _asserted_at(connection: Connection, mapping: Mapping) -> str:
    column = connection.spec.known_at.column
    if not column or column in connection.feed.column_names:
        return "null::varchar"
    if normalised(column) not in mapping.places:
        line = connection.line("known_at", "column")
        headers = did_you_mean(column, mapping.places)
        raise DeliveryError(
            f"No column '{column}' in the file ({connection.file}:{line}, known_at). {headers}"
        )
    return _cell(connection.spec, mapping, column)


def _asserted_value(connection: Connection) -> str:
    spec = connection.spec
    column = spec.known_at.column
    if not column:
        return "null::timestamp"
    if column in connection.feed.column_names:
        value = quoted(column)
        return (
            value
            if connection.feed.column(column).data_type == "timestamp"
            else f"try_cast({value} as timestamp)"
        )
    return typed(trimmed("asserted_text"), "timestamp", spec, spec.date_formats, None)
