"""Connections: read a YAML file, check it against schema and contracts, name file and line of mistakes."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import yaml
from pydantic import ValidationError

from orchestration.ingestion.contracts import ENTITY, Contracts, Feed
from orchestration.ingestion.problems import Problem, did_you_mean
from orchestration.ingestion.schema import (
    HOURS_BETWEEN_DELIVERIES,
    NAMED_DATE_FORMATS,
    ColumnRule,
    ConnectionSpec,
    KnownAt,
)

READER_OF_SUFFIX = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xls": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
_WILDCARD = re.compile(r"[*?\[]")
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_YAML_NULL = "tag:yaml.org,2002:null"


class ConnectionFileError(Exception):
    """A connection file is wrong; `problems` says where and what to do."""

    def __init__(self, problems: list[Problem]):
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Delivered:
    """One file that a connection's path matches; `name` is relative to the part without wildcards."""

    path: Path
    name: str


@dataclass(frozen=True)
class Connection:
    """A checked connection with its feed's contract and the lines of its keys."""

    spec: ConnectionSpec
    feed: Feed
    file: Path
    content_hash: str
    lines: dict[tuple[str, ...], int]
    pattern: str

    @property
    def name(self) -> str:
        """Name of the connection: given, else the stem of its file."""
        return self.spec.name or self.file.stem

    @property
    def refs_system(self) -> str:
        """System whose ids the *_ref columns use."""
        return self.spec.refs_system or self.spec.system

    @property
    def reader(self) -> str:
        """csv, xlsx, jsonl or parquet: given, else by the suffix of the path."""
        return self.spec.reader or READER_OF_SUFFIX[Path(self.spec.path).suffix.lower()]

    @property
    def delivery(self) -> str:
        """snapshot, changes or events: given, else changes for entities and events for events."""
        return self.spec.delivery or ("changes" if self.feed.kind == ENTITY else "events")

    @property
    def expected_every_hours(self) -> int | None:
        """Longest usual time between two deliveries, hours."""
        return HOURS_BETWEEN_DELIVERIES[self.spec.expected_every] if self.spec.expected_every else None

    def line(self, *path: str) -> int | None:
        """Return the line of a key, or of the nearest key above it."""
        return _line(self.lines, path)

    def deliveries(self) -> list[Delivered]:
        """Return the files that the path matches, in the order of their names."""
        found = (Path(match) for match in glob.glob(self.pattern, recursive=True))
        base = _fixed_part(self.pattern)
        files = [
            Delivered(path, path.relative_to(base).as_posix())
            for path in found
            if path.is_file() and not path.name.startswith("~$")
        ]
        return sorted(files, key=lambda file: file.name)

    def asserted_at(self, file_name: str) -> datetime | None:
        """Return the instant that the file name asserts, naive UTC; None where the connection asserts none.

        Raises:
            ValueError: the file name does not carry the instant that the connection promises.
        """
        known_at = self.spec.known_at
        if not known_at.file_name:
            return None
        match = re.search(known_at.file_name, file_name)
        remedy = f"Rename the file or change known_at in {self.file}."
        if not match:
            raise ValueError(
                f"The file name does not match known_at.file_name '{known_at.file_name}'. {remedy}"
            )
        try:
            local = datetime.strptime(match.group(1), known_at.format or "")
        except ValueError:
            mismatch = (
                f"'{match.group(1)}' in the file name does not match known_at.format '{known_at.format}'."
            )
            raise ValueError(f"{mismatch} {remedy}") from None
        zone = ZoneInfo(known_at.timezone or self.spec.timezone)
        zoned = local if local.tzinfo else local.replace(tzinfo=zone)
        return zoned.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def load_connections(
    folder: Path, contracts: Contracts, landing: Path
) -> tuple[list[Connection], list[Problem]]:
    """Read every connection of a folder (not of its subfolders), or a single file.

    Args:
        folder: folder with *.yml files, or one such file.
        contracts: the feed contracts.
        landing: folder that relative paths start from.

    Returns:
        The connections that are right, by name, and the problems of the others.
    """
    if not folder.exists():
        return [], [
            Problem(folder, None, "This folder of connections does not exist.", "Create it or name another.")
        ]
    files = [folder] if folder.is_file() else sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")])
    connections: dict[str, Connection] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            connection = load_connection(file, contracts, landing)
        except ConnectionFileError as error:
            problems.extend(error.problems)
            continue
        if connection.name in connections:
            other = connections[connection.name].file
            problems.append(
                Problem(
                    file,
                    connection.line("name"),
                    f"The name '{connection.name}' is taken by {other}.",
                    "Give it another `name`.",
                )
            )
            continue
        connections[connection.name] = connection
    return sorted(connections.values(), key=lambda connection: connection.name), problems


def load_connection(file: Path, contracts: Contracts, landing: Path) -> Connection:
    """Read and check one connection file.

    Raises:
        ConnectionFileError: the file cannot be read or has mistakes; all of them are listed.
    """
    try:
        content = file.read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConnectionFileError(
            [Problem(file, None, f"Cannot be read: {error}.", "Save it as UTF-8 text.")]
        ) from None
    document, lines, problems = _parse(file, text)
    if problems:
        raise ConnectionFileError(problems)
    try:
        spec = ConnectionSpec.model_validate(document)
    except ValidationError as error:
        raise ConnectionFileError([_explain(file, lines, item) for item in error.errors()]) from None
    problems, pattern = _check(file, lines, spec, contracts, landing)
    if problems:
        raise ConnectionFileError(sorted(problems, key=lambda problem: problem.line or 0))
    return Connection(
        spec, contracts.feeds[spec.feed], file, hashlib.sha256(content).hexdigest(), lines, pattern
    )


def _parse(file: Path, text: str) -> tuple[Any, dict[tuple[str, ...], int], list[Problem]]:
    """Turn YAML into plain text values (a mapping of `no: x` stays 'no') and note the line of every key."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error)
        remedy = (
            "Check indentation, colons and quotes there; quote a value that has ': ', '#', '*' or '@' in it."
        )
        return None, {}, [Problem(file, mark.line + 1 if mark else None, f"Not valid YAML: {what}.", remedy)]
    lines: dict[tuple[str, ...], int] = {}
    problems: list[Problem] = []

    def build(node: yaml.Node, path: tuple[str, ...]) -> Any:
        lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return None if node.tag == _YAML_NULL else node.value
        if isinstance(node, yaml.SequenceNode):
            return [build(item, (*path, str(place))) for place, item in enumerate(node.value)]
        result = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in result:
                problems.append(
                    Problem(file, line, f"The key '{key}' is there twice.", "Keep one of the two.")
                )
            lines[(*path, key)] = line
            result[key] = build(value_node, (*path, key))
            if result[key] is None:
                problems.append(
                    Problem(file, line, f"The key '{key}' has no value.", "Give it one or remove the line.")
                )
        return result

    if not isinstance(root, yaml.MappingNode):
        example = "Begin with `system: hubspot` and `feed: crm_contacts`; see docs/connecting-data.md."
        return (
            None,
            {},
            [Problem(file, 1, "This is not a connection: keys and values are expected.", example)],
        )
    return build(root, ()), lines, problems


def _line(lines: dict[tuple[str, ...], int], path: tuple[str, ...]) -> int | None:
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _keys_at(path: tuple[str, ...]) -> list[str]:
    model = {0: ConnectionSpec}.get(len(path)) or {
        "columns": ColumnRule,
        "key": ColumnRule,
        "known_at": KnownAt,
    }.get(path[0])
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _explain(file: Path, lines: dict[tuple[str, ...], int], error: Any) -> Problem:
    """Turn one error of the schema library into a sentence with line and remedy."""
    path: tuple[str, ...] = ()
    for part in error["loc"]:
        # Tags that the library adds for alternatives are no keys of the file.
        if (*path, str(part)) in lines or part == error["loc"][-1]:
            path = (*path, str(part))
    line = _line(lines, path) or 1
    key = ".".join(path)
    if error["type"] == "extra_forbidden":
        return Problem(
            file,
            line,
            f"Unknown key '{path[-1]}'.",
            did_you_mean(path[-1], _keys_at(path[:-1]), listing="Known keys:"),
        )
    if error["type"] == "missing":
        return Problem(file, line, f"The key '{key}' is missing.", "Add it; see docs/connecting-data.md.")
    if error["type"] == "literal_error":
        words = error["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        near = did_you_mean(str(error["input"]), words)
        return Problem(
            file,
            line,
            f"'{error['input']}' is not possible for '{key}'.",
            f"{near} Possible: {', '.join(words)}.".strip(),
        )
    message = error["msg"].removeprefix("Value error, ")
    given = f" (it is '{error['input']}')" if isinstance(error["input"], str) else ""
    return Problem(
        file, line, f"'{key}'{given}: {message}.", "See the table of keys in docs/connecting-data.md."
    )


def _check(
    file: Path, lines: dict[tuple[str, ...], int], spec: ConnectionSpec, contracts: Contracts, landing: Path
) -> tuple[list[Problem], str]:
    """Check what the schema cannot see: feed, columns, time zone, formats, expressions and path."""
    problems: list[Problem] = []

    def problem(message: str, remedy: str, *path: str) -> None:
        problems.append(Problem(file, _line(lines, path) or 1, message, remedy))

    feed = contracts.feeds.get(spec.feed)
    if feed is None:
        problem(
            f"Unknown feed '{spec.feed}'.",
            did_you_mean(spec.feed, contracts.feeds, listing="Known feeds:"),
            "feed",
        )
    else:
        for part, names in (("columns", spec.columns), ("constants", spec.constants)):
            for name in names:
                if name not in feed.column_names:
                    remedy = did_you_mean(name, feed.column_names, listing=f"Columns of {feed.name}:")
                    problem(f"The feed {feed.name} has no column '{name}'.", remedy, part, name)
        for name in set(spec.columns) & set(spec.constants):
            problem(
                f"'{name}' is both in columns and in constants.", "Keep one of the two.", "constants", name
            )
        if feed.kind == ENTITY and spec.delivery == "events":
            problem(
                f"Records of {feed.name} have versions.", "Use `delivery: snapshot` or `changes`.", "delivery"
            )
    if spec.reader is None and Path(spec.path).suffix.lower() not in READER_OF_SUFFIX:
        problem(
            "The path does not tell how to read the file.",
            "Add `reader: csv`, xlsx, jsonl or parquet.",
            "path",
        )
    for zone, place in ((spec.timezone, ("timezone",)), (spec.known_at.timezone, ("known_at", "timezone"))):
        if zone and zone != "UTC" and not _known_zone(zone):
            remedy = "Use a named zone such as Asia/Shanghai or Europe/Berlin."
            problem(f"Unknown time zone '{zone}'.", remedy, *place)
    for place, rule in [
        ("date_formats", spec.date_formats),
        *((f"columns.{c}.formats", r.formats) for c, r in spec.columns.items()),
    ]:
        for date_format in rule:
            if not _valid_date_format(date_format):
                remedy = (
                    f"Use strptime letters such as %Y-%m-%d %H:%M, or one of {', '.join(NAMED_DATE_FORMATS)}."
                )
                problem(f"'{date_format}' is not a date format.", remedy, *place.split("."))
    patterns = [("trailer", pattern, 0) for pattern in spec.trailer]
    patterns += [
        (f"columns.{name}.extract", rule.extract, 1) for name, rule in spec.columns.items() if rule.extract
    ]
    if spec.known_at.file_name:
        patterns.append(("known_at.file_name", spec.known_at.file_name, 1))
    for place, pattern, groups in patterns:
        reason = _regex_mistake(pattern, groups)
        if reason:
            problem(f"'{pattern}': {reason}.", "Correct the regular expression.", *place.split("."))
    pattern, reason = _resolve_path(spec.path, file, landing)
    if reason:
        problem(reason, "Correct the path; relative paths start from LEADHOUSE_HOME/landing.", "path")
    return problems, pattern


def _known_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
        duckdb.execute("select timezone(?, timestamp '2000-01-01')", [name])
    except (KeyError, ValueError, OSError, duckdb.Error):
        return False
    return True


def _valid_date_format(date_format: str) -> bool:
    if date_format in NAMED_DATE_FORMATS:
        return True
    try:
        duckdb.execute("select try_strptime('', ?)", [date_format])
    except duckdb.Error:
        return False
    return "%" in date_format


def _regex_mistake(pattern: str, groups: int) -> str | None:
    try:
        compiled = re.compile(pattern)
        duckdb.execute("select regexp_matches('', ?)", [pattern])
    except (re.error, duckdb.Error) as error:
        return f"not a regular expression ({str(error).splitlines()[0]})"
    if groups and compiled.groups != groups:
        return f"needs exactly {groups} group in parentheses, it has {compiled.groups}"
    return None


def _resolve_path(path: str, file: Path, landing: Path) -> tuple[str, str | None]:
    """Return the absolute glob pattern, and what is wrong with it."""
    unset = [name for name in _VARIABLE.findall(path) if name not in os.environ]
    if unset:
        return "", f"The environment variable {unset[0]} is not set."
    path = os.path.expanduser(_VARIABLE.sub(lambda match: os.environ[match.group(1)], path))
    if path.startswith(("./", "../")):
        absolute = file.resolve().parent / path
    else:
        absolute = Path(path) if os.path.isabs(path) else landing / path
    pattern = os.path.normpath(absolute)
    if Path(pattern).is_dir():
        return pattern, f"{path} is a folder: say which files, such as {path.rstrip('/')}/*.csv."
    return pattern, None


def _fixed_part(pattern: str) -> Path:
    """Return the folders of a glob pattern before its first wildcard."""
    parts = Path(pattern).parts
    for place, part in enumerate(parts):
        if _WILDCARD.search(part):
            return Path(*parts[:place])
    return Path(pattern).parent
