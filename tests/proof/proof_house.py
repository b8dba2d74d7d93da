"""A house whose day-ends are published one by one in this process: the steps of `leadhouse run`, without Dagster around them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.house import House
from orchestration.ingestion.run import ensure_lake, ingest
from orchestration.paths import paths
from orchestration.preflight import require_preflight
from orchestration.publishing.manifest import Publication
from orchestration.publishing.publish import publish
from orchestration.rules.fingerprint import ruleset_hash
from orchestration.sql import quoted
from orchestration.warehouse.audit import Audit, discard_audit, kept_of_last_build, write_audit
from orchestration.warehouse.day_ends import LakeState
from orchestration.warehouse.dbt import environment
from orchestration.warehouse.fingerprints import Fingerprint, fingerprint
from orchestration.warehouse.inputs import collect_inputs
from orchestration.warehouse.rebuild import THREADS_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
PER_DAY_END = """
    select table_schema || '.' || table_name from information_schema.columns
    where column_name = 'as_of_date' and table_catalog = current_catalog()
    order by 1
"""


@dataclass
class ProofHouse:
    """A folder of state with its connections and own rules."""

    home: Path
    connections: Path
    rules: Path

    def house(self) -> House:
        """The house as it is now; its rules are laid over the default ones anew."""
        return House(ROOT, self.home, self.connections, rules=self.rules)

    def take_in(self, as_of: date) -> None:
        """Read what was delivered until half past six on the morning after a day."""
        ensure_lake(self.home)
        at_half_past_six = datetime.combine(as_of, datetime.min.time()) + timedelta(hours=22, minutes=30)
        result = ingest(self.connections, self.home, now=at_half_past_six)
        assert result.ok, [*result.problems, *result.failed]

    def publish(self, as_of: date, threads: int, history_days: int | None = None) -> Publication:
        """Build a day-end with all its checks, and publish it."""
        house = self.house()
        require_preflight(house)
        lake = LakeState.read(self.home)
        settings = replace(house.settings, history_days=history_days or house.settings.history_days)
        inputs = collect_inputs(ROOT, self.home, settings, as_of, ruleset_hash(house.seeds_dir))
        variables = {"as_of_date": inputs.as_of_date, "history_days": settings.history_days}
        if kept := kept_of_last_build(self.home, inputs):
            variables |= {"days_to_compute": kept.days_to_compute, "new_deliveries": kept.new_deliveries}
        discard_audit(self.home)
        with environment(**{THREADS_VARIABLE: str(threads)}):
            outcome = house.dbt.build([], variables)
        assert outcome.is_green, outcome.explanation()
        newest = f"{lake.newest_known_at:%Y-%m-%dT%H:%M:%S}Z"
        write_audit(self.home, Audit(inputs, outcome.is_green, True, newest, outcome.passed["test"]))
        return publish(self.home, seeds_dir=house.seeds_dir)

    def day_fingerprints(self, days: list[date]) -> dict[date, dict[str, Fingerprint]]:
        """What every table with a day-end says about each of some days, marts and all that lies left of them."""
        with duckdb.connect(str(paths(self.home).warehouse), read_only=True) as con:
            con.execute("set TimeZone = 'UTC'")
            tables = [row[0] for row in con.execute(PER_DAY_END).fetchall()]
            return {
                day: {
                    table: fingerprint(
                        con,
                        f"(select * from {'.'.join(map(quoted, table.split('.')))} where as_of_date = date '{day}')",
                    )
                    for table in tables
                }
                for day in days
            }
