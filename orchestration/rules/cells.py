"""Checks single cells against what the YAML says of their column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import duckdb

from orchestration.ingestion.problems import did_you_mean
from orchestration.rules.files import Column, Row, RuleFile, RuleProblem, parse_date

Terms = dict[str, dict[str, None]]
_INTEGER = re.compile(r"-?[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}([.][0-9]{1,2})?")
_TIME = re.compile(r"([01][0-9]|2[0-4]):[0-5][0-9]")
# A text that no rule was written for: a pattern that matches it and the empty text matches everything.
_NOBODYS_WORD = "zzqx7"


class Patterns:
    """Compiles patterns with DuckDB's RE2, the engine that the models use; one connection for all."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:", config={"threads": 1})

    def matches(self, text: str, pattern: str) -> bool:
        """Return whether a pattern matches anywhere in a text; duckdb.Error when the pattern is broken."""
        found = self._connection.execute("select regexp_matches($1, $2)", [text, pattern]).fetchone()
        return bool(found and found[0])

    def mistake(self, pattern: str) -> tuple[str, str] | None:
        """Return what is wrong with a pattern and what to do, None when it is fine."""
        if pattern != pattern.lower():
            return "The pattern has capital letters.", "Write it in lower case: it meets lower-case values."
        if re.search(r"\(\?[=!<P]", pattern):
            return (
                "The pattern uses lookaround.",
                "Write the exception as a row of its own with a smaller priority.",
            )
        if "(?i)" in pattern or "[[:" in pattern:
            remedy = "Values are lower case already; write classes out, such as [a-z]."
            return "The pattern uses a spelling that not every engine knows.", remedy
        try:
            catches_all = self.matches("", pattern) and self.matches(_NOBODYS_WORD, pattern)
        except duckdb.Error as error:
            reason = (
                str(error).split("\n")[0].removeprefix("Invalid Input Error: ").removeprefix("Regex error: ")
            )
            return (
                f"The pattern does not compile: {reason.rstrip('.')}.",
                "Correct it; try it on a word or two.",
            )
        if catches_all:
            return "The pattern matches everything.", "Look for an empty alternative, such as a | at the end."
        return None


def check_cells(file: RuleFile, terms: Terms, patterns: Patterns) -> Iterator[RuleProblem]:
    """Yield what is wrong with the cells of a file, each by itself.

    Args:
        file: the rule file.
        terms: codes by vocabulary.
        patterns: the compiler of patterns.
    """
    for row in file.rows:
        for column in file.columns.values():
            value = row[column.name]
            if value != value.strip():
                remedy = "Remove the blank at the beginning or end."
                yield file.problem(row, column.name, f"'{value}' has blanks around it.", remedy)
            elif "\\" in value:
                remedy = "Write [0-9] instead of a class escape and [.] instead of an escaped dot."
                yield file.problem(row, column.name, "Backslashes get lost on other engines.", remedy)
            elif not value:
                if column.required:
                    yield file.problem(
                        row, column.name, f"{column.name} is empty.", _remedy_for_empty(column)
                    )
            else:
                found = _mistake(value, column, row, terms, patterns)
                if found:
                    yield file.problem(row, column.name, *found)


def _remedy_for_empty(column: Column) -> str:
    return {
        "why": "Say in a few words why the rule is so; whoever changes it next will ask.",
        "reference": "Name the source, or write 'team judgement'.",
        "owner": "Name who answers for the rule.",
    }.get(column.name, "Fill it in.")


def _mistake(
    value: str, column: Column, row: Row, terms: Terms, patterns: Patterns
) -> tuple[str, str] | None:
    by_type = {"integer": _integer, "decimal": _decimal, "date": _date, "time": _time}
    if column.type in by_type:
        return by_type[column.type](value, column)
    if column.type == "regex":
        return patterns.mistake(value)
    if column.pattern and _full_match(column.pattern, value):
        return None
    words = value.split("|") if column.type in ("codes", "list") else [value]
    vocabulary = column.vocabulary or (row[column.vocabulary_from] if column.vocabulary_from else None)
    if vocabulary:
        return next(filter(None, (unknown_word(word, vocabulary, terms) for word in words)), None)
    if column.pattern:
        return f"'{value}' does not have the form {column.pattern}.", "Correct it."
    if column.type == "list" and (not all(words) or len(set(words)) < len(words)):
        return f"'{value}' has an empty or a repeated part.", "Separate the parts by a single |."
    if column.caught_by:
        return _not_caught(value, row[column.caught_by], patterns)
    return None


def unknown_word(word: str, vocabulary: str, terms: Terms) -> tuple[str, str] | None:
    """Return what is wrong with a word that should be a code of a vocabulary, None when it is one."""
    if vocabulary not in terms:
        return f"There is no vocabulary '{vocabulary}'.", did_you_mean(vocabulary, terms)
    if word in terms[vocabulary]:
        return None
    remedy = did_you_mean(word, terms[vocabulary], listing="Known words:")
    if len(terms[vocabulary]) > 40 and remedy.startswith("Known"):
        remedy = f"The words are in vocabulary_terms.csv under {vocabulary}."
    if remedy.startswith(("Known", "The words")):
        remedy += " A new word is a row of its own in vocabulary_terms.csv."
    return f"'{word}' is not in the vocabulary {vocabulary}.", remedy


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _full_match(pattern: str, value: str) -> bool:
    return _compiled(pattern).fullmatch(value) is not None


def _integer(value: str, column: Column) -> tuple[str, str] | None:
    if not _INTEGER.fullmatch(value):
        return f"'{value}' is not a whole number.", "Write digits only, without separators."
    if column.min is not None and int(value) < column.min:
        return f"{value} is below {column.min}.", "Correct the number."
    if column.max is not None and int(value) > column.max:
        return f"{value} is above {column.max}.", "Correct the number."
    return None


def _decimal(value: str, _: Column) -> tuple[str, str] | None:
    if _DECIMAL.fullmatch(value):
        return None
    return (
        f"'{value}' is not a number with at most two decimals.",
        "Write a dot for the decimals, no separators.",
    )


def _date(value: str, _: Column) -> tuple[str, str] | None:
    if parse_date(value):
        return None
    return (
        f"'{value}' is not a date.",
        "Write it as YYYY-MM-DD (spreadsheets change dates: format the column as text).",
    )


def _time(value: str, _: Column) -> tuple[str, str] | None:
    return (
        None if _TIME.fullmatch(value) else (f"'{value}' is not a time.", "Write it as HH:MM, such as 09:00.")
    )


def _not_caught(example: str, pattern: str, patterns: Patterns) -> tuple[str, str] | None:
    try:
        if patterns.matches(example.lower(), pattern):
            return None
    except duckdb.Error:
        return None
    return f"The pattern does not catch the example '{example}'.", "Correct one of them."
