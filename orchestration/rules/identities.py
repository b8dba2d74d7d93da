"""Checks whole files: ids, versions, keys, weights that add up, bands that cover, rows that climb."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from orchestration.rules.files import Row, RuleFile, RuleProblem, parse_date


def check_identities(files: dict[str, RuleFile]) -> Iterator[RuleProblem]:
    """Yield what is wrong with files as wholes and with files towards each other.

    Args:
        files: the rule files by name.
    """
    yield from _ids(files)
    for file in files.values():
        if file.id_column:
            yield from _versions(file)
            yield from _double_keys(file)
            yield from _sums(file)
            yield from _cover(file)
            yield from _climb(file)
        else:
            yield from _double_terms(file)
    yield from _segments(files)
    yield from _exceptions(files)


def _ids(files: dict[str, RuleFile]) -> Iterator[RuleProblem]:
    home: dict[str, RuleFile] = {}
    for file in files.values():
        prefix = file.meta.get("id_prefix")
        for row in file.rows:
            rule_id = row[file.id_column] if file.id_column else ""
            if not rule_id:
                continue
            if prefix and not rule_id.startswith(f"{prefix}-"):
                remedy = f"Ids of this file begin with {prefix}-."
                yield file.problem(row, file.id_column or "", f"{rule_id} has a foreign prefix.", remedy)
            other = home.setdefault(rule_id, file)
            if other is not file:
                remedy = "An id belongs to one rule for good: take a new one."
                yield file.problem(row, file.id_column or "", f"{rule_id} is used in {other.path}.", remedy)


def _versions(file: RuleFile) -> Iterator[RuleProblem]:
    by_id: dict[str, dict[date, Row]] = defaultdict(dict)
    for row in file.rows:
        day, rule_id = parse_date(row["valid_from"]), row[file.id_column or ""]
        if day is None:
            continue
        first = by_id[rule_id].get(day)
        if first:
            remedy = "A change is a new row with a later valid_from; another rule needs another id."
            problem = f"{rule_id} from {day} is already in line {first.line}."
            yield file.problem(row, file.id_column or "", problem, remedy)
        else:
            by_id[rule_id][day] = row
    for rule_id, versions in by_id.items():
        ordered = [versions[day] for day in sorted(versions)]
        if ordered[0]["status"] == "retired":
            remedy = "The first version of a rule is active."
            yield file.problem(ordered[0], "status", f"{rule_id} is retired before it ever held.", remedy)
        for before, after in pairwise(ordered):
            if all(before[name] == after[name] for name in (*file.payload, "status")):
                remedy = "Remove the row; reasons and labels may be changed in place."
                problem = f"The version says the same as the one of line {before.line}."
                yield file.problem(after, "valid_from", problem, remedy)


def _double_keys(file: RuleFile) -> Iterator[RuleProblem]:
    key = file.meta.get("key") or file.payload
    found: dict[tuple[str, ...], list[tuple[Row, date, date]]] = defaultdict(list)
    for row, start, end in file.intervals():
        found[tuple(row[name] for name in key)].append((row, start, end))
    for value, versions in found.items():
        versions.sort(key=lambda version: version[0].line)
        for position, (row, start, end) in enumerate(versions):
            for other, other_start, other_end in versions[:position]:
                same_rule = row[file.id_column or ""] == other[file.id_column or ""]
                if not same_rule and start < other_end and other_start < end:
                    what = ", ".join(
                        f"{name} {cell or '(empty)'}" for name, cell in zip(key, value, strict=True)
                    )
                    remedy = "Keep one of the two rows, or retire the other before this one begins."
                    yield file.problem(row, key[0], f"Line {other.line} already holds for {what}.", remedy)
                    break


def _double_terms(file: RuleFile) -> Iterator[RuleProblem]:
    key = file.meta.get("key") or list(file.columns)[:1]
    seen: dict[tuple[str, ...], Row] = {}
    for row in file.rows:
        value = tuple(row[name] for name in key)
        first = seen.setdefault(value, row)
        if first is not row:
            yield file.problem(
                row, key[-1], f"{'.'.join(value)} is already in line {first.line}.", "Remove one."
            )


def _periods(file: RuleFile) -> Iterator[tuple[date, list[Row]]]:
    intervals = list(file.intervals())
    for moment in sorted({start for _, start, _ in intervals} | {end for _, _, end in intervals}):
        in_force = [row for row, start, end in intervals if start <= moment < end]
        if in_force:
            yield moment, in_force


def _groups(rows: list[Row], by: list[str]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[" ".join(row[name] for name in by)].append(row)
    return groups


def _sums(file: RuleFile) -> Iterator[RuleProblem]:
    rule = file.meta.get("adds_up_to_100")
    if not rule:
        return
    reported = set()
    for moment, rows in _periods(file):
        for group, members in _groups(rows, rule["by"]).items():
            cells = [row[name] for row in members for name in rule["columns"]]
            if not all(cell.lstrip("-").isdecimal() for cell in cells):
                continue
            total = sum(map(int, cells))
            newest = max(members, key=lambda row: (row["valid_from"], -row.line))
            if total != 100 and (group, total) not in reported:
                reported.add((group, total))
                lines = ", ".join(str(row.line) for row in members)
                who = group or "all rows"
                problem = f"The weights of {who} add up to {total} from {moment} on (lines {lines})."
                yield file.problem(newest, rule["columns"][0], problem, "They must add up to 100.")


def _cover(file: RuleFile) -> Iterator[RuleProblem]:
    rule = file.meta.get("covers")
    if not rule:
        return
    lower, upper = rule["from"], rule["to"]
    reported = set()
    for moment, rows in _periods(file):
        for group, members in _groups(rows, rule["by"]).items():
            if not all(row[lower].isdecimal() and row[upper].isdecimal() for row in members):
                continue
            reached = rule["start"]
            for row in sorted(members, key=lambda row: (int(row[lower]), int(row[upper]))):
                mistake = None
                if int(row[lower]) < reached:
                    mistake = (
                        f"{group} has two bands between {row[lower]} and {min(reached, int(row[upper]))}"
                    )
                elif int(row[lower]) > reached:
                    mistake = f"{group} has no band from {reached} to {row[lower]}"
                if mistake and mistake not in reported:
                    reported.add(mistake)
                    remedy = (
                        f"The bands of a set cover {rule['start']} to {rule['end']} without gap or overlap."
                    )
                    yield file.problem(row, lower, f"{mistake} (from {moment} on).", remedy)
                reached = max(reached, int(row[upper]))
            if reached != rule["end"] and (group, reached) not in reported:
                reported.add((group, reached))
                remedy = f"The highest band ends at {rule['end']}, exclusive."
                yield file.problem(
                    members[0], upper, f"{group} ends at {reached} (from {moment} on).", remedy
                )


def _climb(file: RuleFile) -> Iterator[RuleProblem]:
    rule = file.meta.get("climbs")
    if not rule:
        return
    order, reported = rule["order"], set()
    for moment, rows in _periods(file):
        steps = [row for row in rows if row[order].isdecimal()]
        steps.sort(key=lambda row: (int(row[order]), row.line))
        for below, above in pairwise(steps):
            newest = max(below, above, key=lambda row: (row["valid_from"], row.line))
            if (below.line, above.line) in reported:
                continue
            if below[order] == above[order]:
                reported.add((below.line, above.line))
                problem = (
                    f"Lines {below.line} and {above.line} are both number {above[order]} from {moment} on."
                )
                yield file.problem(newest, order, problem, "Give each step a number of its own.")
                continue
            for column in rule["columns"]:
                if not (below[column].isdecimal() and above[column].isdecimal()):
                    continue
                if int(above[column]) < int(below[column]):
                    reported.add((below.line, above.line))
                    problem = (
                        f"Step {above[order]} (line {above.line}) asks for {above[column]}, "
                        f"step {below[order]} (line {below.line}) for {below[column]}, from {moment} on."
                    )
                    remedy = "A higher step asks for at least as much as the one below it."
                    yield file.problem(newest, column, problem, remedy)


def _segments(files: dict[str, RuleFile]) -> Iterator[RuleProblem]:
    given = files.get("rule_tagging__segment")
    if not given:
        return
    for name in ("rule_scoring__dimensions", "rule_maturity__levels"):
        if name not in files:
            continue
        known = {row["segment"] for row in files[name].rows}
        for row in given.rows:
            if row["status"] == "active" and row["segment"] not in known:
                remedy = f"Add its rows to {files[name].path}."
                yield given.problem(
                    row, "segment", f"The segment {row['segment']} has no row in {name}.", remedy
                )


def _exceptions(files: dict[str, RuleFile]) -> Iterator[RuleProblem]:
    file = files.get("exceptions")
    if not file:
        return
    known = {row["rule_id"] for other in files.values() if other is not file for row in other.rows}
    for row in file.rows:
        if row["rule_id"] and row["rule_id"] not in known:
            yield file.problem(
                row, "rule_id", f"There is no rule {row['rule_id']}.", "Name the rule that does not apply."
            )
