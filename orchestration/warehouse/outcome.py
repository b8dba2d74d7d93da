"""What a dbt build did, in words that help the person who has to mend it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

FAILED = {"error", "fail", "runtime error", "partial success"}
# What dbt's own tests mean, for tests whose YAML has no description.
MEANINGS = {
    "not_null": "this column must have a value in every row",
    "unique": "no two rows may have the same value in this column",
    "accepted_values": "this column may only have the listed values",
    "relationships": "each value of this column must exist in the other model",
}


@dataclass(frozen=True)
class Problem:
    """One failed model or test."""

    name: str
    kind: str
    model: str
    meaning: str
    rows: int | None
    message: str
    where: str

    def __str__(self) -> str:
        lines = [f"{self.kind} {self.name}" + (f" on {self.model}" if self.model else "")]
        if self.meaning:
            lines.append(f"  means: {self.meaning}")
        if self.rows is not None:
            lines.append(f"  found: {self.rows} row{'' if self.rows == 1 else 's'}")
        else:
            lines.append(f"  said:  {self.message}")
        lines.append(f"  look:  {self.where}")
        return "\n".join(lines)


@dataclass(frozen=True)
class BuildOutcome:
    """Counts by kind and status, and every problem of one build."""

    passed: Counter[str] = field(default_factory=Counter)
    warned: int = 0
    skipped: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_green(self) -> bool:
        """True when every selected model was built and every test passed."""
        return not self.problems and not self.skipped

    def counts(self) -> str:
        """What was built, in a few words."""
        parts = [("seed", "rule files"), ("model", "models"), ("test", "checks")]
        return ", ".join(f"{self.passed[kind]} {words}" for kind, words in parts if self.passed[kind])

    def explanation(self, at_most: int = 5) -> str:
        """The first problems and what did not run because of them."""
        texts = [str(problem) for problem in self.problems[:at_most]]
        if len(self.problems) > at_most:
            texts.append(f"… and {len(self.problems) - at_most} more problems")
        if self.skipped:
            texts.append(f"{self.skipped} models and tests behind these were not run.")
        return "\n".join(texts)


def outcome_of(result: Any) -> BuildOutcome:
    """Sum up a dbt `RunExecutionResult`, which `dbtRunner.invoke(["build", …]).result` holds."""
    outcome = BuildOutcome()
    counts = {"warned": 0, "skipped": 0}
    for node_result in result.results:
        status = str(node_result.status)
        kind = str(node_result.node.resource_type)
        if status in FAILED:
            outcome.problems.append(_problem(node_result, kind))
        elif status == "skipped":
            counts["skipped"] += 1
        else:
            counts["warned"] += status == "warn"
            outcome.passed[kind] += 1
    return BuildOutcome(outcome.passed, counts["warned"], counts["skipped"], outcome.problems)


def _problem(node_result: Any, kind: str) -> Problem:
    node = node_result.node
    failed_test = kind == "test" and str(node_result.status) == "fail"
    compiled = getattr(node, "compiled_path", None)
    where = node.original_file_path
    if failed_test and compiled:
        where = f"{compiled} selects the rows; {node.original_file_path} states the test"
    attached = getattr(node, "attached_node", None) or ""
    message = " ".join(str(node_result.message or "").split())
    generic = getattr(getattr(node, "test_metadata", None), "name", "")
    meaning = node.description or MEANINGS.get(generic, "")
    if column := getattr(node, "column_name", None):
        meaning = f"{column}: {meaning}"
    return Problem(
        name=node.name,
        kind=kind,
        model=attached.rsplit(".", 1)[-1],
        meaning=" ".join(meaning.split()),
        rows=node_result.failures if failed_test else None,
        message=message[:600],
        where=where,
    )
