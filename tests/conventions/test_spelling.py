"""Constructs that break replay or the second engine are banned from models (DESIGN 3, 4; docs/decisions)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BANNED = [
    (r"\bnow\s*\(|\bcurrent_(date|time|timestamp)\b|\btoday\s*\(|\bgetdate\s*\(", "the clock: models are functions of the lake, the rules and two instants"),
    (r"\brandom\s*\(|\buuid\s*\(|\bgen_random_uuid\b", "chance: the same input must give the same output"),
    (r"\bdbt\.(split_part|safe_cast|datediff)\b", "fails or is off by one on Spark: use split_part, try_cast or the macros of cross_engine"),
    (r"\b(float|double|real)\b", "floating point: scores and sums are integers"),
    (r"\bregexp_(matches|replace|extract|extract_all|full_match)\s*\(", "engine's own regex function: use the macros of cross_engine"),
    (r"\b(date_diff|datediff|date_add|dateadd|epoch|isodow|generate_series|unnest|string_split|list_sort|json_extract\w*)\s*\(", "engine's own function: use the macros of cross_engine"),
    (r"\binterval\b", "intervals: DuckDB 2.0 folds two of them into one; use add_days, add_seconds, add_hours"),
    (r"//", "integer division: use div_round or floor_div"),
    (r"\(\?i\)", "case-blind patterns miss Chinese and break on Spark: match lower-case patterns on lower(value)"),
    (r"\bselect\s+distinct\s+on\b|\bqualify\b", "not on every engine: use row_number()"),
]


def without_comments(sql: str) -> str:
    sql = re.sub(r"\{#.*?#\}", "", sql, flags=re.S)
    return re.sub(r"--[^\n]*", "", sql)


@pytest.mark.parametrize(("pattern", "why"), BANNED, ids=[why.split(":")[0] for _, why in BANNED])
def test_banned_spelling(pattern, why, model_files):
    offences = [
        f"{name}: {match.group(0)}"
        for name, text in model_files.items()
        for match in re.finditer(pattern, without_comments(text), flags=re.I)
    ]
    assert not offences, f"{why}\n" + "\n".join(offences)


def test_no_hard_coded_thresholds_of_rules_in_scoring_and_maturity(model_files):
    """Numbers that decide live in seeds/. Allowed in SQL: 0, 1, ranks, milli, per cent, millionths and the end of time."""
    allowed = {"0", "1", "-1", "2", "3", "10", "100", "1000", "1000000"}
    offences = []
    for name, text in model_files.items():
        if not name.startswith(("models/scoring/", "models/maturity/")):
            continue
        body = re.sub(r"'[^']*'", "", without_comments(text))
        body = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", body, flags=re.S)
        body = re.sub(r"\bgroup by [0-9, ]+", "", body)
        for number in re.findall(r"(?<![\w.])-?[0-9]+(?![\w.])", body):
            if number not in allowed:
                offences.append(f"{name}: {number}")
    assert not offences, "\n".join(offences)


def test_seeds_have_no_backslashes():
    offences = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "seeds").rglob("*.csv"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "\\" in line
    ]
    assert not offences, "Spark loses backslashes silently; write [0-9], not a class escape:\n" + "\n".join(offences)


def test_engine_differences_live_in_one_place():
    """Raw DuckDB spellings appear in macros/cross_engine only, each behind a dispatched macro."""
    offences = []
    for path in sorted((ROOT / "dbt_project" / "macros").rglob("*.sql")):
        if path.parent.name == "cross_engine":
            continue
        body = without_comments(path.read_text(encoding="utf-8"))
        for match in re.finditer(r"\b(regexp_\w+|date_diff|epoch|isodow|unnest|string_split|read_parquet|timezone)\s*\(", body):
            offences.append(f"{path.relative_to(ROOT)}: {match.group(0)}")
    assert not offences, "\n".join(offences)


def test_every_dispatched_macro_has_both_engines():
    text = "\n".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "dbt_project/macros/cross_engine").glob("*.sql")))
    dispatched = set(re.findall(r"adapter\.dispatch\('(\w+)'", text))
    missing = [
        f"{engine}__{name}" for name in sorted(dispatched) for engine in ("duckdb", "spark")
        if not re.search(rf"macro {engine}__{name}\b", text)
    ]
    assert dispatched and not missing, missing
