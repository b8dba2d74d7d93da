"""Dagster's event log with kept connections: the same files, so that the UI sees the runs of the command."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
from dagster._core.instance import InstanceRef

from orchestration.event_log import KeptEventLog, instance_reference

ROOT = Path(__file__).resolve().parents[2]


@dg.asset
def lake() -> None:
    pass


def test_dagster_reads_what_the_command_wrote(tmp_path: Path) -> None:
    with dg.DagsterInstance.from_ref(instance_reference(tmp_path, ROOT)) as instance:
        assert isinstance(instance.event_log_storage, KeptEventLog)
        for _ in range(2):
            assert dg.materialize([lake], instance=instance).success
    with dg.DagsterInstance.from_ref(InstanceRef.from_dir(str(tmp_path), config_dir=str(ROOT))) as plain:
        assert not isinstance(plain.event_log_storage, KeptEventLog)
        assert len(plain.fetch_materializations(lake.key, limit=10).records) == 2
        assert [run.is_success for run in plain.get_runs()] == [True, True]
