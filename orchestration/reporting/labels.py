"""Words and numbers in the chosen language: vocabulary terms, rule labels, sentences, points, dates."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from orchestration.reporting.serving import DayEnd, Row, Serving

Language = Literal["zh", "en"]
TEXTS = (Path(__file__).parent / "texts.yml", Path(__file__).parent / "texts_period.yml")

_CHOICE = re.compile(r"\{(\w+)\?([^|}]*)\|([^}]*)\}")


@dataclass(frozen=True)
class RuleLabel:
    """One rule version as a reader sees it."""

    rule_key: str
    rule_id: str
    label: str
    owner: str
    why: str


@cache
def texts() -> dict[str, dict[str, dict[str, str]]]:
    """Return the sentences: group -> key -> language -> text."""
    # The C loader is ten times faster; a build without it reads the same.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    groups: dict[str, dict[str, dict[str, str]]] = {}
    for file in TEXTS:
        groups |= yaml.load(file.read_text(encoding="utf-8"), Loader=loader)
    return groups


def sentence(lang: Language, key: str, /, **values: Any) -> str:
    """Return the sentence `group.key` with its values filled in; raises KeyError for an unknown key."""
    group, name = key.split(".", 1)
    pattern = texts()[group][name][lang]

    def choose(match: re.Match[str]) -> str:
        return match.group(2) if str(values[match.group(1)]) in ("1", "+1", "-1") else match.group(3)

    return _CHOICE.sub(choose, pattern).format(**values)


class Labels:
    """Labels of one language over one serving file."""

    def __init__(self, lang: Language, serving: Serving, day_end: DayEnd) -> None:
        self.lang = lang
        self.day_end = day_end
        column = f"label_{lang}"
        self._terms: dict[tuple[str, str], str] = {
            (row["vocabulary"], row["code"]): row[column] or row["code"] for row in serving.rows("terms")
        }
        self._rules: dict[str, Row] = {}
        self._newest: dict[str, Row] = {}
        for row in serving.rows("rules"):
            self._rules[row["rule_key"]] = row
            if row["valid_from"] is None or row["valid_from"] <= day_end.as_of_date:
                self._newest[row["rule_id"]] = row

    def text(self, key: str, /, **values: Any) -> str:
        """Return the sentence `group.key` in this language."""
        return sentence(self.lang, key, **values)

    def own(self, group: str, code: str | None) -> str:
        """Return the label of a code that has no vocabulary (texts.yml), or the code."""
        entry = texts().get(group, {}).get(code or "")
        return entry[self.lang] if entry else str(code or self.text("report.none"))

    def term(self, code: str | None, *vocabularies: str) -> str:
        """Return the label of a code in the first of the vocabularies that knows it, else the code itself."""
        for vocabulary in vocabularies:
            label = self._terms.get((vocabulary, code or "unknown"))
            if label:
                return label
        return self.text("report.unknown") if code in (None, "unknown") else code

    def owner(self, code: str | None) -> str:
        """Return the name of the role that owns a rule or is told of an alert."""
        return self.term(code, "rule_owner", "escalation_role")

    def feed(self, code: str) -> str:
        """Return the name of a feed."""
        return self.term(code, "feed")

    def attribute(self, code: str | None) -> str:
        """Return the name of a field; a check of the whole record has none."""
        own = texts()["attribute"].get(code or "record")
        return own[self.lang] if own else self.term(code, "lead_field", "lead_attribute")

    def touch(self, channel: str, touch_type: str) -> str:
        """Return what happened in a touch."""
        return self.term(f"{channel}.{touch_type}", "touch")

    def channel(self, code: str | None) -> str:
        """Return the name of the channel of a touch."""
        return self.term(code, "channel")

    def source_channel(self, code: str | None) -> str:
        """Return the name of a source channel."""
        return self.term(code, "source_channel")

    def rule(self, rule_key: str | None, rule_id: str | None = None) -> RuleLabel:
        """Return the label of a rule version; a key without a row keeps its id as label."""
        key = rule_key or ""
        row = self._rules.get(key) or self._newest.get(rule_id or key.split("@")[0])
        if row is None:
            name = rule_id or key.split("@")[0] or self.text("report.none")
            return RuleLabel(key, name, name, self.text("report.none"), "")
        other = "en" if self.lang == "zh" else "zh"
        label = row[f"label_{self.lang}"] or row[f"label_{other}"] or row["rule_id"]
        return RuleLabel(row["rule_key"], row["rule_id"], label, self.owner(row["owner"]), row["why"] or "")

    def rules_of(self, rule_file_part: str) -> list[Row]:
        """Return the payloads of the rules in force at the day-end whose file name contains the part."""
        found = []
        for row in self._rules.values():
            until = row["valid_to"]
            if (
                rule_file_part in (row["rule_file"] or "")
                and row["status"] == "active"
                and row["valid_from"] <= self.day_end.as_of_date
                and (until is None or until > self.day_end.as_of_date)
            ):
                found.append({**json.loads(row["payload"] or "{}"), "rule_id": row["rule_id"]})
        return found

    # Numbers and dates -----------------------------------------------------------------------------

    def count(self, number: int | None) -> str:
        """Return a whole number with thousands separators."""
        return self.text("report.none") if number is None else f"{number:,}"

    def signed(self, number: int | None) -> str:
        """Return a whole number with its sign; a true minus sign, so that it lines up with the plus."""
        if number is None:
            return self.text("report.none")
        return f"{number:+,}".replace("-", "−") if number else "±0"

    def share(self, part: int, whole: int) -> str:
        """Return part of whole as a percentage with one decimal, rounded half up."""
        if not whole:
            return self.text("report.none")
        per_mille = (2000 * part + whole) // (2 * whole)
        return f"{per_mille // 10}.{per_mille % 10}%"

    def points(self, milli: int | None, decimals: int = 3, *, sign: bool = False) -> str:
        """Return milli-points as points, rounded half away from zero to 0–3 decimals."""
        if milli is None:
            return self.text("report.none")
        step = 10 ** (3 - decimals)
        units = (abs(milli) + step // 2) // step
        whole, rest = divmod(units, 10**decimals)
        body = f"{whole:,}" + (f".{rest:0{decimals}d}" if decimals else "")
        if milli < 0 and units:
            return f"−{body}"
        return f"+{body}" if sign and units else body

    def day(self, day: date | None) -> str:
        """Return a date as YYYY-MM-DD."""
        return self.text("report.none") if day is None else day.isoformat()[:10]

    def instant(self, utc: datetime | None) -> str:
        """Return a UTC instant as business time, to the minute."""
        return self.text("report.none") if utc is None else f"{self.day_end.local(utc):%Y-%m-%d %H:%M}"

    def duration(self, business_seconds: int | None) -> str:
        """Return business seconds in minutes below two hours, else in hours with one decimal."""
        if business_seconds is None:
            return self.text("report.none")
        if business_seconds < 7200:
            return self.text("unit.minutes", n=(business_seconds + 30) // 60)
        tenths = (business_seconds + 180) // 360
        return self.text("unit.hours", n=f"{tenths // 10}.{tenths % 10}" if tenths % 10 else tenths // 10)

    def days(self, number: int) -> str:
        """Return a number of days."""
        return self.text("unit.days", n=number)

    @property
    def colon(self) -> str:
        """A colon as this language writes it."""
        return "：" if self.lang == "zh" else ": "

    def join(self, parts: list[str]) -> str:
        """Join parts of an enumeration."""
        return ("、" if self.lang == "zh" else ", ").join(parts)


def keys_of(value: Any) -> list[str]:
    """Return rule keys that a mart holds as a list, as JSON, or joined by a separator."""
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return [str(item) for item in value if item]
    text = str(value).strip()
    if text.startswith("["):
        try:
            return [str(item) for item in json.loads(text) if item]
        except ValueError:
            text = text.strip("[]")
    return [part for part in re.split(r"[|,;+\s]+", text) if part]


def formula_safe(value: Any) -> str:
    """Return a value as text that a spreadsheet opening the page would not run as a formula."""
    text = "" if value is None else str(value)
    starts_a_formula = len(text) > 1 and text[0] in "=+-@\t\r"
    return f"'{text}" if starts_a_formula and not re.fullmatch(r"[+-]?[0-9 ().-]+", text) else text
