"""The lock: one writer, named, reentrant, freed when its holder dies."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.lock import HouseIsBusyError, house_lock

HOLD = """
import sys, time
from pathlib import Path
from orchestration.lock import house_lock
with house_lock(Path(sys.argv[1]), "a test run"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_one_process_at_a_time_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout.readline() == "held\n"
        named = rf"process {holder.pid} \(a test run, since .* set LEADHOUSE_HOME"
        with pytest.raises(HouseIsBusyError, match=named), house_lock(tmp_path, "another"):
            pass
        holder.kill()
        holder.wait()
        with house_lock(tmp_path, "another", wait_seconds=5):
            assert str(os.getpid()) in (tmp_path / "leadhouse.lock.holder.json").read_text()


def test_a_process_may_enter_again(tmp_path: Path) -> None:
    with house_lock(tmp_path, "outer"):
        with house_lock(tmp_path, "inner"):
            pass
        assert "outer" in (tmp_path / "leadhouse.lock.holder.json").read_text()
    assert not (tmp_path / "leadhouse.lock.holder.json").exists()
