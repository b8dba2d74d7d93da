"""The keys that a connection file may have, with their types. Loading and checking is in `connection.py`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

Reader = Literal["csv", "xlsx", "jsonl", "parquet"]
Encoding = Literal["auto", "utf-8", "utf-8-bom", "gb18030", "gbk", "latin-1", "windows-1252", "utf-16"]

NAMED_DATE_FORMATS = ("iso", "unix_seconds", "unix_millis", "excel_serial")
HOURS_BETWEEN_DELIVERIES = {"hour": 1, "day": 24, "week": 168, "month": 744, "quarter": 2232}


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Words = Annotated[list[str], BeforeValidator(_as_list)]


class Model(BaseModel):
    """Base of all parts: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ColumnRule(Model):
    """How one contract column is made out of the columns of the file."""

    sources: Words = Field(default=[], alias="from")
    join: Words = []
    separator: str = " "
    extract: str | None = None
    values: dict[str, str] = {}
    formats: Words = []
    divide_by: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_source(self) -> ColumnRule:
        if bool(self.sources) == bool(self.join):
            raise ValueError("needs exactly one of 'from' (first column that has a value) and 'join'")
        return self

    @property
    def headers(self) -> list[str]:
        """Columns of the file that the rule reads, in their order."""
        return self.sources or self.join


def _as_rule(value: Any) -> Any:
    return {"from": value} if isinstance(value, str | list) else value


def _as_known_at(value: Any) -> Any:
    return {} if value == "now" else value


class KnownAt(Model):
    """Where the instant comes from at which a delivery counts as known; empty means the moment of the run."""

    column: str | None = None
    file_name: str | None = None
    format: str | None = None
    timezone: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> KnownAt:
        if self.column and (self.file_name or self.format):
            raise ValueError("takes either 'column' or 'file_name' with 'format'")
        if bool(self.file_name) != bool(self.format):
            raise ValueError(
                "needs both 'file_name' (a regular expression with one group) "
                "and 'format' (such as '%Y-%m-%d')"
            )
        return self


class ConnectionSpec(Model):
    """One connection file: somebody's export and how it becomes a feed."""

    name: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")
    description: str = ""
    owner: str = ""
    system: str = Field(min_length=1)
    refs_system: str | None = None
    feed: str
    path: str = Field(min_length=1)
    reader: Reader | None = None

    encoding: Encoding = "auto"
    delimiter: str = ","
    quote: str = '"'
    sheet: str | None = None
    skip_rows: int = Field(default=0, ge=0, le=1000)
    header_rows: int = Field(default=1, ge=0, le=10)
    trailer: Words = []

    timezone: str = "UTC"
    date_formats: Words = ["iso"]
    decimal_separator: str = Field(default=".", min_length=1, max_length=1)
    thousands_separator: str | None = Field(default=None, min_length=1, max_length=1)
    strip: Words = []
    null_words: Words = []
    true_words: Words = ["true", "yes", "y", "t", "1", "是"]
    false_words: Words = ["false", "no", "n", "f", "0", "否"]

    columns: dict[str, Annotated[ColumnRule, BeforeValidator(_as_rule)]] = {}
    constants: dict[str, str] = {}
    key: Annotated[ColumnRule, BeforeValidator(_as_rule)] | None = None
    custom: Words = ["keep"]

    delivery: Literal["snapshot", "changes", "events"] | None = None
    max_missing_pct: int = Field(default=50, ge=0, le=100)
    out_of_order: Literal["hold", "load"] = "hold"
    known_at: Annotated[KnownAt, BeforeValidator(_as_known_at)] = KnownAt()
    expected_every: Literal["hour", "day", "week", "month", "quarter"] | None = None

    @property
    def key_is_row_hash(self) -> bool:
        """Whether records have no id of their own: then their content is their id."""
        return self.key is not None and self.key.sources == ["row_hash"]

    def keeps(self, header: str) -> bool:
        """Whether a column without a home in the contract stays as a custom attribute."""
        return self.custom != ["none"] and (self.custom == ["keep"] or header in self.custom)

    @field_validator("delimiter", "quote", mode="before")
    @classmethod
    def _one_character(cls, value: Any, info: Any) -> Any:
        named = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
        value = named.get(value, value)
        if info.field_name == "quote" and value == "none":
            return ""
        if not isinstance(value, str) or len(value) != 1 or ord(value) > 127 or value in "\r\n":
            extra = ", or 'none'" if info.field_name == "quote" else ", or 'tab'"
            raise ValueError(f"must be one ASCII character{extra}")
        return value
