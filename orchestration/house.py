"""Where everything is for one run, and what the run has done so far."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.paths import connections_dir, paths, project_root
from orchestration.progress import Silent
from orchestration.rules.overlay import lay_over
from orchestration.warehouse.day_ends import Settings
from orchestration.warehouse.dbt import Dbt

if TYPE_CHECKING:
    from orchestration.ingestion.run import IngestResult
    from orchestration.publishing.manifest import Publication
    from orchestration.warehouse.outcome import BuildOutcome

CONNECTIONS_VARIABLE = "LEADHOUSE_CONNECTIONS"
RULES_VARIABLE = "LEADHOUSE_RULES"


@dataclass
class House:
    """One project, one LEADHOUSE_HOME, one folder of connections.

    A run computes the day-ends from `first_day_end` on, or of those the month-ends and the last ones; without
    it those since the last run where `keeps_days`, else the whole history of a day-end. The last three fields
    are filled by the steps of a run, for whoever started it in the same process.
    """

    root: Path
    home: Path
    connections: Path
    progress: Silent = field(default_factory=Silent)
    rules: Path | None = None
    first_day_end: date | None = None
    only_month_ends: bool = False
    keeps_days: bool = True
    ingested: IngestResult | None = None
    outcome: BuildOutcome | None = None
    publication: Publication | None = None

    @classmethod
    def default(
        cls, connections: Path | None = None, progress: Silent | None = None, rules: Path | None = None
    ) -> House:
        """The house that the environment names.

        Args:
            connections: folder of connection files; default LEADHOUSE_CONNECTIONS, else the demo company's.
            progress: who is told; default nobody.
            rules: folder of rule files laid over the default ones; default LEADHOUSE_RULES, else none.
        """
        chosen = connections or os.environ.get(CONNECTIONS_VARIABLE) or connections_dir() / "demo"
        own = rules or os.environ.get(RULES_VARIABLE) or None
        return cls(
            project_root(),
            paths().home,
            Path(chosen).expanduser().resolve(),
            progress or Silent(),
            Path(own).expanduser().resolve() if own else None,
        )

    @property
    def project_dir(self) -> Path:
        """Folder of the dbt project."""
        return self.root / "dbt_project"

    @cached_property
    def seeds_dir(self) -> Path:
        """Folder of the rules in force, the vocabulary and the exceptions.

        Raises:
            OverlayError: a file of the own rules has no counterpart among the default ones.
        """
        default = self.default_seeds
        return lay_over(default, self.rules, self.home / "seeds") if self.rules else default

    @property
    def default_seeds(self) -> Path:
        """Folder of the default rules."""
        return self.root / "seeds"

    @cached_property
    def settings(self) -> Settings:
        """Vars of the dbt project."""
        return Settings.read(self.project_dir)

    @cached_property
    def dbt(self) -> Dbt:
        """The launcher of dbt."""
        return Dbt(self.project_dir, self.home, self.seeds_dir)
