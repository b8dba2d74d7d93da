"""Checks the rule files, without dbt and within a second or two: what, where, and what to do."""

from __future__ import annotations

from pathlib import Path

from orchestration.ingestion.contracts import Contracts, load_contracts
from orchestration.rules.cells import Patterns, Terms, check_cells
from orchestration.rules.files import RuleFile, RuleProblem, load_rule_files
from orchestration.rules.history import RulesHistoryError, append_only_problems
from orchestration.rules.identities import check_identities
from orchestration.rules.shapes import check_shapes

__all__ = ["RuleProblem", "RulesHistoryError", "append_only_problems", "check_rules"]


def check_rules(seeds_dir: Path, contracts: Contracts | None = None) -> list[RuleProblem]:
    """Return every mistake in the rules below a folder, by file and line; an empty list when all is well.

    Args:
        seeds_dir: the folder that holds rules/, vocabulary/ and exceptions/, each with its YAML.
        contracts: the feeds whose columns verdicts may name; default: the project's own.

    Raises:
        FileNotFoundError: the folder does not exist.
    """
    files, problems = load_rule_files(seeds_dir)
    terms = _terms(files)
    patterns = Patterns()
    for file in files.values():
        problems += check_cells(file, terms, patterns)
    problems += check_shapes(files, terms, patterns, contracts or load_contracts())
    problems += check_identities(files)
    return sorted(set(problems), key=lambda p: (p.file, p.row or 0, p.column, p.problem))


def _terms(files: dict[str, RuleFile]) -> Terms:
    terms: Terms = {}
    if "vocabulary_terms" in files:
        for row in files["vocabulary_terms"].rows:
            terms.setdefault(row["vocabulary"], {})[row["code"]] = None
    return terms
