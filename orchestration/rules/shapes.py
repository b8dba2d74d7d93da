"""Checks rows whose cells depend on each other: tag rules, verdicts, signals, gates, queue metrics, hours."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import available_timezones

from orchestration.ingestion.contracts import Contracts
from orchestration.ingestion.problems import did_you_mean
from orchestration.rules.cells import Patterns, Terms, unknown_word
from orchestration.rules.files import Row, RuleFile, RuleProblem
from orchestration.rules.meanings import (
    ACCOUNT_AGGREGATIONS,
    CHECKS_OF_THE_RECORD,
    CLOCK_EVENTS,
    CLOCK_STARTS,
    CONDITIONS,
    DRIFT_COLUMNS,
    MESSAGE_BYTES,
    PRIORITY_METRICS,
    SEGMENT_METRICS,
    SEVERITIES,
    SIGNAL_VOCABULARY,
    TOUCH_MEASURE,
    has_measure,
    qualifier_vocabulary,
)


def check_shapes(
    files: dict[str, RuleFile], terms: Terms, patterns: Patterns, contracts: Contracts
) -> Iterator[RuleProblem]:
    """Yield rows whose cells do not fit together.

    Args:
        files: the rule files by name.
        terms: codes by vocabulary.
        patterns: the compiler of patterns.
        contracts: the feeds, for the columns that verdicts name.
    """
    touches = {f"{row['channel']}.{row['touch_type']}" for row in _rows(files, "rule_cleansing__touch_types")}
    for file in files.values():
        for row in file.rows:
            if {"match_kind", "range_min"} <= file.columns.keys():
                yield from _tag_rule(file, row, patterns)
            if "signal_kind" in file.columns:
                yield from _signal(file, row, terms, touches)
            for channel, touch_type, qualifier in (
                ("channel", "touch_type", "qualifier"),
                ("starts_channel", "starts_touch_type", "starts_qualifier"),
            ):
                names = {channel, touch_type, qualifier}
                if names <= file.columns.keys() and row["starts_on"] in ("", "touch"):
                    yield from _touch(file, row, (channel, touch_type, qualifier), terms, touches)
    for row in _rows(files, "rule_cleansing__verdicts"):
        yield from _verdict(files["rule_cleansing__verdicts"], row, terms, patterns, contracts)
    for row in _rows(files, "rule_maturity__lifecycle_gates"):
        yield from _gate(files["rule_maturity__lifecycle_gates"], row, terms)
    for row in _rows(files, "rule_maturity__conversion_stages"):
        yield from _activity(files["rule_maturity__conversion_stages"], row)
    for row in _rows(files, "rule_action__priority"):
        yield from _priority(files["rule_action__priority"], row, terms)
    for row in _rows(files, "rule_tagging__segment"):
        yield from _segment(files["rule_tagging__segment"], row, terms)
    described = {row["tag_group"]: row["describes"] for row in _rows(files, "tag_groups")}
    for row in _rows(files, "rule_scoring__account"):
        yield from _account(files["rule_scoring__account"], row, terms, described)
    for row in _rows(files, "rule_maturity__capabilities"):
        yield from _capability(files["rule_maturity__capabilities"], row)
    yield from _sla(files, terms)
    timed = {row["rule_id"] for row in _rows(files, "rule_sla__policies")}
    for row in _rows(files, "rule_anomaly__policies"):
        yield from _clock_rules(files["rule_anomaly__policies"], row, timed)
    for row in _rows(files, "rule_anomaly__limits"):
        yield from _limit(files["rule_anomaly__limits"], row)
    for row in _rows(files, "rule_anomaly__notifications"):
        yield from _notification(files["rule_anomaly__notifications"], row)


def _rows(files: dict[str, RuleFile], name: str) -> list[Row]:
    return files[name].rows if name in files else []


def _tag_rule(file: RuleFile, row: Row, patterns: Patterns) -> Iterator[RuleProblem]:
    kind, argument = row["match_kind"], row["argument"]
    if kind == "range":
        ends = [row["range_min"], row["range_max"]]
        if argument or not any(ends):
            yield file.problem(
                row, "range_min", "A range needs a lower or an upper end and no argument.", "Correct it."
            )
        elif all(ends) and _number(ends[0]) >= _number(ends[1]):
            yield file.problem(
                row, "range_max", f"The range from {ends[0]} to {ends[1]} is empty.", "Correct the ends."
            )
        return
    if row["range_min"] or row["range_max"]:
        yield file.problem(
            row, "range_min", "Only a range has ends.", "Empty them, or write match_kind range."
        )
    if not argument:
        yield file.problem(row, "argument", "There is nothing to match.", "Write the word or the pattern.")
    elif kind == "regex":
        mistake = patterns.mistake(argument)
        if mistake:
            yield file.problem(row, "argument", *mistake)
    elif argument != argument.lower():
        remedy = "Values are compared in lower case."
        yield file.problem(row, "argument", "The word has capital letters and will never match.", remedy)


def _signal(file: RuleFile, row: Row, terms: Terms, touches: set[str]) -> Iterator[RuleProblem]:
    kind, signal, qualifier = row["signal_kind"], row["signal"], row["qualifier"]
    if kind not in SIGNAL_VOCABULARY:
        return
    mistake = unknown_word(signal, SIGNAL_VOCABULARY[kind], terms)
    if mistake:
        yield file.problem(row, "signal", *mistake)
        return
    if kind == "touch" and touches and signal not in touches:
        yield file.problem(row, "signal", *_never_made(signal, touches))
    yield from _qualifier(
        file, row, "qualifier", qualifier, qualifier_vocabulary(kind, signal), signal, terms
    )
    if row["measure_min"] and not has_measure(kind, signal):
        yield file.problem(row, "measure_min", f"{signal} has no measure.", "Empty the cell.")


def _touch(
    file: RuleFile, row: Row, names: tuple[str, str, str], terms: Terms, touches: set[str]
) -> Iterator[RuleProblem]:
    channel, touch_type, qualifier = names
    if unknown_word(row[channel], "channel", terms) or unknown_word(row[touch_type], "touch_type", terms):
        return
    touch = f"{row[channel]}.{row[touch_type]}"
    if touches and touch not in touches:
        yield file.problem(row, touch_type, *_never_made(touch, touches))
    vocabulary = qualifier_vocabulary("touch", touch)
    yield from _qualifier(file, row, qualifier, row[qualifier], vocabulary, touch, terms)
    if row["measure_min"] and touch not in TOUCH_MEASURE:
        yield file.problem(row, "measure_min", f"{touch} has no measure.", "Empty the cell.")


def _never_made(touch: str, touches: set[str]) -> tuple[str, str]:
    remedy = did_you_mean(touch, touches) or "Add the event to that file first."
    return f"No row of rule_cleansing__touch_types makes the touch {touch}.", remedy


def _qualifier(
    file: RuleFile, row: Row, column: str, value: str, vocabulary: str | None, signal: str, terms: Terms
) -> Iterator[RuleProblem]:
    if not value:
        return
    if vocabulary is None:
        yield file.problem(row, column, f"{signal} has no qualifier.", "Empty the cell.")
        return
    mistake = unknown_word(value, vocabulary, terms)
    if mistake:
        yield file.problem(row, column, *mistake)


def _verdict(
    file: RuleFile, row: Row, terms: Terms, patterns: Patterns, contracts: Contracts
) -> Iterator[RuleProblem]:
    kind, argument, attribute = row["check_kind"], row["argument"], row["attribute"]
    feed = contracts.feeds.get(row["feed"])
    names = feed.column_names if feed else ()
    if kind in CHECKS_OF_THE_RECORD:
        if attribute:
            yield file.problem(row, "attribute", f"{kind} looks at the whole record.", "Empty the cell.")
    elif feed and attribute not in names and not _is_open_attribute(kind, attribute):
        yield file.problem(
            row, "attribute", f"{row['feed']} has no column '{attribute}'.", did_you_mean(attribute, names)
        )
    mistake = None
    if kind in ("regex", "not_regex"):
        mistake = patterns.mistake(argument) if argument else ("There is no pattern.", "Write one.")
    elif kind == "vocabulary":
        mistake = (
            None
            if argument in terms
            else (f"There is no vocabulary '{argument}'.", did_you_mean(argument, terms))
        )
    elif kind == "domain_kind":
        mistake = unknown_word(argument, "mail_domain_kind", terms)
    elif kind == "before":
        if feed and argument not in names:
            mistake = (f"{row['feed']} has no column '{argument}'.", did_you_mean(argument, names))
    elif argument:
        mistake = (f"{kind} takes no argument.", "Empty the cell.")
    if mistake:
        yield file.problem(row, "argument", *mistake)
    if kind == "range" and not (row["min_value"] or row["max_value"]):
        yield file.problem(row, "min_value", "A range needs a lower or an upper end.", "Write one.")
    if kind == "in_future" and not row["max_value"]:
        yield file.problem(row, "max_value", "in_future needs the days of tolerance.", "Write 0 or more.")


def _is_open_attribute(kind: str, attribute: str) -> bool:
    return attribute.startswith("custom:") or (kind == "unparsed" and attribute in ("", "any"))


def _gate(file: RuleFile, row: Row, terms: Terms) -> Iterator[RuleProblem]:
    if row["condition"] not in CONDITIONS:
        return
    vocabulary, needs_threshold = CONDITIONS[row["condition"]]
    yield from _argument(file, row, vocabulary, row["condition"], terms)
    if needs_threshold and not row["threshold"]:
        yield file.problem(row, "threshold", f"{row['condition']} needs a threshold.", "Write the number.")
    elif row["threshold"] and not needs_threshold:
        yield file.problem(row, "threshold", f"{row['condition']} takes no threshold.", "Empty the cell.")


def _activity(file: RuleFile, row: Row) -> Iterator[RuleProblem]:
    days, window = row["min_active_days"], row["window_days"]
    if days.isdecimal() and window.isdecimal() and int(days) > int(window):
        problem = f"{window} days never hold {days} active days."
        yield file.problem(row, "min_active_days", problem, "Ask for fewer days, or look at a longer window.")


def _priority(file: RuleFile, row: Row, terms: Terms) -> Iterator[RuleProblem]:
    metric, operator = row["metric"], row["operator"]
    if metric not in PRIORITY_METRICS:
        return
    operators, words = PRIORITY_METRICS[metric]
    if operator not in operators:
        yield file.problem(
            row, "operator", f"{metric} does not go with {operator}.", f"Use {' or '.join(operators)}."
        )
        return
    if isinstance(words, tuple):
        if not row["argument"] or not set(row["argument"].split("|")) <= set(words):
            problem = f"'{row['argument']}' does not go with {metric}."
            yield file.problem(row, "argument", problem, f"Use {' or '.join(words)}.")
    else:
        yield from _argument(file, row, words, metric, terms)
    if (operator in ("at_least", "at_most")) != bool(row["threshold"]):
        problem = "at_least and at_most need a threshold, nothing else has one."
        yield file.problem(row, "threshold", problem, "Correct it.")
    if (row["priority_kind"] in ("tier", "points")) != bool(row["points"]):
        yield file.problem(
            row, "points", "Tiers and points have points, other kinds have none.", "Correct it."
        )
    if (row["priority_kind"] == "tiebreak") != (operator == "order"):
        yield file.problem(row, "operator", "A tie-break, and nothing else, is an order.", "Correct it.")


def _segment(file: RuleFile, row: Row, terms: Terms) -> Iterator[RuleProblem]:
    if row["metric"] not in SEGMENT_METRICS:
        return
    operator, vocabulary = SEGMENT_METRICS[row["metric"]]
    if row["operator"] != operator:
        yield file.problem(
            row, "operator", f"{row['metric']} does not go with {row['operator']}.", f"Use {operator}."
        )
    elif operator == "at_least":
        if not row["argument"].isdecimal():
            yield file.problem(
                row, "argument", f"'{row['argument']}' is not a whole number.", "Write digits only."
            )
    else:
        yield from _argument(file, row, vocabulary, row["metric"], terms)


def _account(file: RuleFile, row: Row, terms: Terms, described: dict[str, str]) -> Iterator[RuleProblem]:
    aggregation = row["aggregation"]
    if aggregation not in ACCOUNT_AGGREGATIONS:
        return
    vocabulary, counts_people = ACCOUNT_AGGREGATIONS[aggregation]
    yield from _argument(file, row, vocabulary, aggregation, terms)
    if vocabulary == "tag_group":
        for group in row["argument"].split("|"):
            if described.get(group, "company") != "company":
                problem = f"{group} describes a {described[group]}, not the company."
                groups = [name for name, whose in described.items() if whose == "company"]
                yield file.problem(row, "argument", problem, f"Tag groups of companies: {', '.join(groups)}.")
    if counts_people and not row["people_max"]:
        yield file.problem(row, "people_max", f"{aggregation} needs a number of people.", "Write it.")
    elif row["people_max"] and not counts_people:
        yield file.problem(row, "people_max", f"{aggregation} takes no people_max.", "Empty the cell.")


def _capability(file: RuleFile, row: Row) -> Iterator[RuleProblem]:
    price, partly = row["price_from_wan"], row["price_partly_wan"]
    is_price = row["capability_kind"] == "price_range"
    if is_price != (row["requirement"] == "price_range"):
        problem = f"{row['requirement']} does not go with the kind {row['capability_kind']}."
        remedy = "A price range, and nothing else, asks for price_range."
        yield file.problem(row, "requirement", problem, remedy)
    elif is_price and row["support"]:
        yield file.problem(row, "support", "A budget decides whether a price is met.", "Empty the cell.")
    elif is_price and not (price and partly):
        yield file.problem(row, "price_from_wan", "A price range needs both prices.", "Write them in 万元.")
    elif is_price and _number(partly) > _number(price):
        problem = f"{partly} is above the price of {price}."
        remedy = "Write the lowest budget that still leads to a deal."
        yield file.problem(row, "price_partly_wan", problem, remedy)
    elif not is_price and not row["support"]:
        remedy = "Write met, partly, not_met, or unknown while nobody has decided."
        yield file.problem(row, "support", "The row does not say whether the product has it.", remedy)
    elif not is_price and (price or partly):
        yield file.problem(row, "price_from_wan", "Only a price range has prices.", "Empty the cells.")


def _argument(
    file: RuleFile, row: Row, vocabulary: str | None, who: str, terms: Terms
) -> Iterator[RuleProblem]:
    argument = row["argument"]
    if vocabulary is None:
        if argument:
            yield file.problem(row, "argument", f"{who} takes no argument.", "Empty the cell.")
        return
    if not argument:
        yield file.problem(
            row, "argument", f"{who} needs an argument.", f"Write words of {vocabulary}, separated by |."
        )
        return
    for word in argument.split("|"):
        mistake = unknown_word(word, vocabulary, terms)
        if mistake:
            yield file.problem(row, "argument", *mistake)


def _sla(files: dict[str, RuleFile], terms: Terms) -> Iterator[RuleProblem]:
    holidays: dict[str, str] = {}
    for row in _rows(files, "rule_sla__business_hours"):
        file = files["rule_sla__business_hours"]
        yield from _hours(file, row)
        kept = holidays.setdefault(row["calendar"], row["holidays_of"])
        if kept != row["holidays_of"]:
            problem = f"Another row of {row['calendar']} keeps the holidays of {kept}."
            yield file.problem(row, "holidays_of", problem, "A calendar keeps those of one calendar.")
    zones = available_timezones()
    for row in _rows(files, "rule_sla__calendars"):
        if (zone := row["time_zone"]) not in zones:
            remedy = did_you_mean(zone, zones) or "Write it like Asia/Shanghai."
            yield files["rule_sla__calendars"].problem(row, "time_zone", f"There is no zone {zone}.", remedy)
    for row in _rows(files, "rule_sla__policies"):
        yield from _clock_start(files["rule_sla__policies"], row, terms)
    for row in _rows(files, "rule_sla__clock_events"):
        if row["event_kind"] in CLOCK_EVENTS:
            vocabulary = CLOCK_EVENTS[row["event_kind"]]
            yield from _argument(files["rule_sla__clock_events"], row, vocabulary, row["event_kind"], terms)


def _clock_start(file: RuleFile, row: Row, terms: Terms) -> Iterator[RuleProblem]:
    start, which = row["starts_on"], row["starts_qualifier"]
    if start == "touch" and not (row["starts_channel"] and row["starts_touch_type"]):
        problem = "A touch that starts a clock has a channel and a type."
        yield file.problem(row, "starts_touch_type", problem, "Fill in both.")
    if start in CLOCK_STARTS:
        vocabulary, has_channel = CLOCK_STARTS[start]
        for column in ("starts_channel", "starts_touch_type"):
            if row[column] and not (has_channel and column == "starts_channel"):
                yield file.problem(row, column, f"{start} has none.", "Empty the cell.")
        if vocabulary and not which:
            remedy = f"Write a word of {vocabulary}."
            yield file.problem(row, "starts_qualifier", f"{start} needs to know which.", remedy)
        yield from _qualifier(file, row, "starts_qualifier", which, vocabulary, start, terms)


def _hours(file: RuleFile, row: Row) -> Iterator[RuleProblem]:
    opens, closes, break_from, break_to = (
        row[name] for name in ("opens", "closes", "break_from", "break_to")
    )
    if bool(break_from) != bool(break_to):
        yield file.problem(row, "break_to", "A break needs both ends.", "Write both, or neither.")
    elif opens >= closes:
        yield file.problem(row, "closes", f"{closes} is not after {opens}.", "Correct the hours.")
    elif break_from and not opens <= break_from < break_to <= closes:
        yield file.problem(row, "break_from", "The break does not lie within the hours.", "Correct it.")


def _clock_rules(file: RuleFile, row: Row, timed: set[str]) -> Iterator[RuleProblem]:
    for rule_id in filter(None, row["clock_rules"].split("|")):
        if rule_id not in timed:
            remedy = did_you_mean(rule_id, timed) or "Name a rule of rule_sla__policies."
            yield file.problem(row, "clock_rules", f"No clock is timed by {rule_id}.", remedy)


def _limit(file: RuleFile, row: Row) -> Iterator[RuleProblem]:
    if row["metric"].endswith("_drift"):
        for column in DRIFT_COLUMNS:
            if not row[column]:
                problem = f"Without {column} nothing is compared."
                yield file.problem(row, column, problem, f"Fill it in: {row['metric']} needs it.")


def _notification(file: RuleFile, row: Row) -> Iterator[RuleProblem]:
    quiet_from, quiet_to, events = row["quiet_from"], row["quiet_to"], row["events"].split("|")
    if bool(quiet_from) != bool(quiet_to):
        yield file.problem(row, "quiet_to", "Quiet hours need both ends.", "Write both, or neither.")
    elif quiet_from and quiet_from == quiet_to:
        problem = f"From {quiet_from} to {quiet_to} is no time at all."
        yield file.problem(row, "quiet_to", problem, "Empty both for none; for always, retire the row.")
    elif quiet_from > "23:59" or quiet_to > "23:59":
        yield file.problem(row, "quiet_to", "A day ends with 23:59.", "Write midnight as 00:00.")
    if row["quiet_passes"] and not quiet_from and row["holds_on_days_off"] != "1":
        problem = "Nothing ever waits here, so nothing needs to pass."
        yield file.problem(row, "quiet_passes", problem, "Empty the cell, or write quiet hours.")
    wanted = row["severities"].split("|")
    below = [word for word in SEVERITIES if word not in wanted and _is_below(word, wanted)]
    if "opened" in events and "escalated" not in events and below:
        problem = f"An alert that was {below[0]} when it opened is never told here, whatever becomes of it."
        yield file.problem(row, "events", problem, "Add escalated.")
    most = MESSAGE_BYTES.get(row["service"])
    if most and row["max_bytes"].isdecimal() and int(row["max_bytes"]) > most:
        problem = f"A message of {row['service']} holds {most} bytes."
        yield file.problem(row, "max_bytes", problem, f"Write {most} or less.")


def _is_below(severity: str, others: list[str]) -> bool:
    rank = SEVERITIES.index(severity)
    return any(other in SEVERITIES[rank + 1 :] for other in others)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")
