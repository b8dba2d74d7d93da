"""The feed contracts, read from the dbt source YAML: the only place where they are written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.paths import dbt_project_dir

ENTITY, EVENT = "entity", "event"


@dataclass(frozen=True)
class Column:
    """One column of a contract; `data_type` is a DuckDB type in lower case."""

    name: str
    data_type: str
    required: bool
    description: str


@dataclass(frozen=True)
class Feed:
    """The contract of one feed: an `entity` has versions, an `event` happens once."""

    name: str
    kind: str
    key: str
    occurred_at: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError when the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the contract's columns in their order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True)
class Contracts:
    """All feeds, the technical columns of every row, and the columns of the lake's logs."""

    feeds: dict[str, Feed]
    technical: tuple[Column, ...]
    receipts: tuple[Column, ...]
    rejects: tuple[Column, ...]

    def raw_columns(self, feed: str) -> tuple[Column, ...]:
        """Return all columns of a raw Parquet file of `feed`: its contract, then the technical ones."""
        return self.feeds[feed].columns + self.technical


def default_source_file() -> Path:
    """Return the dbt source YAML that holds the contracts."""
    return dbt_project_dir() / "models" / "staging" / "_raw__sources.yml"


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    return (node.get("config") or {}).get("meta") or {}


def _columns(table: dict[str, Any]) -> tuple[Column, ...]:
    return tuple(
        Column(
            name=column["name"],
            data_type=column["data_type"].lower(),
            required=bool(_meta(column).get("required", False)),
            description=column.get("description", ""),
        )
        for column in table["columns"]
    )


@cache
def load_contracts(source_file: Path | None = None) -> Contracts:
    """Read the contracts.

    Args:
        source_file: the dbt source YAML; default is the project's own.

    Raises:
        OSError: the file cannot be read.
        KeyError: the file lacks a source, a table or a property that ingestion needs.
    """
    document = yaml.safe_load((source_file or default_source_file()).read_text(encoding="utf-8"))
    sources = {source["name"]: source for source in document["sources"]}
    raw = {table["name"]: table for table in sources["raw"]["tables"]}
    lake = {table["name"]: table for table in sources["lake"]["tables"]}
    technical = raw.pop("technical")
    feeds = {
        name: Feed(
            name=name,
            kind=_meta(table)["kind"],
            key=_meta(table)["key"],
            occurred_at=_meta(table)["occurred_at"],
            columns=_columns(table),
        )
        for name, table in raw.items()
    }
    return Contracts(feeds, _columns(technical), _columns(lake["receipts"]), _columns(lake["rejects"]))
