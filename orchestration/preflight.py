"""Looks at connections and rules before anything runs: a mistake is found here, not in published numbers."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from orchestration.house import House
from orchestration.ingestion.run import check_connections
from orchestration.rules.check import check_rules
from orchestration.rules.overlay import OverlayError, written_at


@dataclass(frozen=True)
class Finding:
    """A mistake in a file that a person wrote, and what to do about it."""

    file: str
    line: int | None
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}" + (f" → {self.remedy}" if self.remedy else "")


class PreflightError(Exception):
    """There are mistakes in connections or rules; nothing was started."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


def preflight(house: House) -> list[Finding]:
    """Check every connection file and every rule file; an empty list means all is well.

    Args:
        house: the folders to look at; nothing in them is changed.
    """
    findings: list[Finding] = []
    if not house.connections.exists():
        remedy = "Name a folder of connection files with --connections or LEADHOUSE_CONNECTIONS."
        findings.append(Finding(str(house.connections), None, "There is no such folder.", remedy))
    else:
        for problem in check_connections(house.connections, house.home):
            findings.append(Finding(_short(problem.file), problem.line, problem.message, problem.remedy))
    return [*findings, *_rule_findings(house)]


def require_preflight(house: House) -> None:
    """Raise PreflightError when `preflight` finds anything."""
    findings = preflight(house)
    if findings:
        raise PreflightError(findings)


def require_rules(house: House) -> None:
    """Raise PreflightError when there are mistakes in the rules; for what reads no deliveries."""
    findings = _rule_findings(house)
    if findings:
        raise PreflightError(findings)


def _rule_findings(house: House) -> list[Finding]:
    try:
        seeds_dir = house.seeds_dir
    except (OverlayError, FileNotFoundError) as error:
        remedy = "Own rule files take the names of the default ones."
        return [Finding(str(house.rules), None, str(error), remedy)]
    findings: list[Finding] = []
    for problem in check_rules(seeds_dir):
        message = f"{problem.column}: {problem.problem}" if problem.column else problem.problem
        laid = seeds_dir.parent / problem.file
        path, line = written_at(laid, problem.row, house.rules, house.default_seeds)
        findings.append(Finding(_short(path), line, message, problem.remedy))
    return findings


def _short(path: Path) -> str:
    """A path as a person would type it from here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
