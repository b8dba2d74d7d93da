"""SQL that turns a text value into a contract type: null where it does not parse, never an error."""

from __future__ import annotations

import re

from orchestration.ingestion.schema import ConnectionSpec
from orchestration.sql import literal

# Space, tab, line ends, no-break and ideographic space, byte order mark; as a text and as a class of a regex.
BLANKS = "' \t\n\r\u00a0\u3000\ufeff'"
_BLANK = r"[ \t\n\r\x{a0}\x{3000}\x{feff}]"

_ISO_DAY = "[12][0-9]{3}[-/][0-9]{1,2}[-/][0-9]{1,2}"
_ISO_CLOCK = "[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
_ISO_LOCAL = f"{_ISO_DAY}([T ] ?{_ISO_CLOCK})?"
_ISO_OFFSET = f"{_ISO_DAY}[T ] ?{_ISO_CLOCK} ?(Z|UTC|[+-][0-9]{{2}}(:?[0-9]{{2}})?)"
_PLAIN_NUMBER = "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?"
_WHOLE_NUMBER = "[+-]?[0-9]+([.]0*)?"
_TIMESTAMP_RANGE = "timestamp '1000-01-01' and timestamp '2999-12-31'"


def trimmed(text: str) -> str:
    """Return SQL for a text without blanks around it, null when nothing is left."""
    # To look at both ends of a text is five times faster than to trim it, and few texts need it.
    needs_it = f"contains({BLANKS}, ({text})[1]) or contains({BLANKS}, ({text})[-1])"
    return f"case when {needs_it} then nullif(trim({text}, {BLANKS}), '') else {text} end"


def without_null_words(text: str, null_words: list[str]) -> str:
    """Return SQL for a cell of the file: null when it is one of the connection's null words."""
    if not null_words:
        return text
    return f"case when not {_is_one_of(text, null_words)} then {text} end"


def typed(
    text: str, data_type: str, spec: ConnectionSpec, formats: list[str], divide_by: float | None
) -> str:
    """Return SQL for `text` as a value of a contract type.

    Args:
        text: SQL of a varchar without blanks around it.
        data_type: varchar, bigint, decimal(p,s), boolean or timestamp (UTC).
        spec: the connection, for its words, separators and time zone.
        formats: date formats, tried in their order.
        divide_by: the number is divided by this, such as 10000 for CNY into 万元.
    """
    if data_type == "varchar":
        return text
    if data_type == "timestamp":
        return (
            f"coalesce({', '.join(_timestamp(text, date_format, spec.timezone) for date_format in formats)})"
        )
    if data_type == "boolean":
        yes, no = _is_one_of(text, spec.true_words), _is_one_of(text, spec.false_words)
        return f"case when {yes} then true when {no} then false end"
    number = _number(text, spec)
    if divide_by:
        scaled = f"try_cast({number} as double) / {divide_by!r}::double"
        return f"try_cast(round({scaled}, 2) as {data_type})"
    if data_type == "bigint":
        whole = f"regexp_full_match({number}, '{_WHOLE_NUMBER}')"
        return f"case when {whole} then try_cast(split_part({number}, '.', 1) as bigint) end"
    return f"try_cast({number} as {data_type})"


def _is_one_of(text: str, words: list[str]) -> str:
    # A regex, blanks around a word included: DuckDB makes a join of every list of literals, which for forty
    # columns of a CRM export took ten times as long to plan (0.5 s) as the file took to read; to trim and
    # lower every cell takes eight times as long as this.
    listed = "|".join(re.escape(word.strip()) for word in words)
    return f"regexp_full_match({text}, {literal(f'{_BLANK}*(?i:{listed}){_BLANK}*')})"


def _number(text: str, spec: ConnectionSpec) -> str:
    """Return SQL for a number with a decimal point and nothing else, null when it is none."""
    for word in spec.strip:
        text = f"replace({text}, {literal(word)}, '')"
    text = f"trim({text}, {BLANKS})" if spec.strip else text
    if spec.thousands_separator:
        # '1,234,567' is grouped; '1,5' is not, and must not become 15.
        group = _class(spec.thousands_separator)
        point = _class(spec.decimal_separator)
        grouped = f"[+-]?[0-9]{{1,3}}({group}[0-9]{{3}})+({point}[0-9]*)?"
        bare = f"replace({text}, {literal(spec.thousands_separator)}, '')"
        text = f"case when regexp_full_match({text}, {literal(grouped)}) then {bare} else {text} end"
    if spec.decimal_separator != ".":
        text = f"replace(replace({text}, '.', '?'), {literal(spec.decimal_separator)}, '.')"
    return f"regexp_extract({text}, '^{_PLAIN_NUMBER}$')"


def _class(character: str) -> str:
    return f"[{character}]" if character not in "\\]^" else f"\\{character}"


def _timestamp(text: str, date_format: str, timezone: str) -> str:
    if date_format == "iso":
        local = f"try_cast({text} as timestamp)"
        return (
            f"case when regexp_full_match({text}, '{_ISO_LOCAL}') then {_to_utc(local, timezone)} "
            f"when regexp_full_match({text}, '{_ISO_OFFSET}') "
            f"then timezone('UTC', try_cast({text} as timestamptz)) end"
        )
    if date_format == "unix_seconds":
        seconds = f"try_cast({text} as double)"
        return (
            f"case when regexp_full_match({text}, '[0-9]{{1,11}}([.][0-9]+)?') "
            f"then make_timestamp(round({seconds} * 1000000)::bigint) end"
        )
    if date_format == "unix_millis":
        return (
            f"case when regexp_full_match({text}, '[0-9]{{1,14}}') "
            f"then make_timestamp(try_cast({text} as bigint) * 1000) end"
        )
    if date_format == "excel_serial":
        seconds = f"round(try_cast({text} as double) * 86400)::bigint"
        local = _to_utc(f"timestamp '1899-12-30' + to_seconds({seconds})", timezone)
        return f"case when regexp_full_match({text}, '[0-9]{{1,6}}([.][0-9]+)?') then {local} end"
    parsed = f"try_strptime({text}, {literal(date_format)})"
    if "%z" in date_format or "%Z" in date_format:
        utc = f"timezone('UTC', {parsed})"
        return f"case when {utc} between {_TIMESTAMP_RANGE} then {utc} end"
    return f"case when {parsed} between {_TIMESTAMP_RANGE} then {_to_utc(parsed, timezone)} end"


def _to_utc(local: str, timezone: str) -> str:
    return local if timezone == "UTC" else f"timezone('UTC', timezone({literal(timezone)}, {local}))"
