"""The benchmark of the whole job: what it complains of, how it says that something grows, which files it holds back."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
import whole_job


def measured(leads: int, factor: float = 1.0) -> dict:
    """A size at which two steps took so many times one second and one gigabyte, at a floor of a tenth of a second."""
    steps = [
        {"name": name, "wall_s": factor, "cpu_s": factor, "peak_gb": factor} for name in ("taken in", "first load")
    ]
    return {"leads": leads, "floor_s": 0.1, "steps": steps}


def test_what_is_as_recorded_is_no_complaint(capsys) -> None:
    whole_job.complain([measured(10_000, whole_job.TOLERANCE)], [measured(10_000)])
    assert "Nothing is slower" in capsys.readouterr().out


@pytest.mark.parametrize(("key", "unit"), [("wall_s", "× floor"), ("peak_gb", "GB")])
def test_a_step_that_got_slower_or_larger_is_named(key: str, unit: str) -> None:
    now = measured(10_000)
    now["steps"][1][key] *= whole_job.TOLERANCE * 1.01
    with pytest.raises(SystemExit, match="10,000 leads, first load: .* " + unit) as stop:
        whole_job.complain([now], [measured(10_000)])
    assert "taken in" not in str(stop.value)


def test_a_slower_machine_is_no_slowdown() -> None:
    """Everything takes twice as long, the floor too."""
    now = deepcopy(measured(10_000))
    now["floor_s"] *= 2
    for step in now["steps"]:
        step["wall_s"] *= 2
    whole_job.complain([now], [measured(10_000)])


def test_a_size_without_a_record_is_said() -> None:
    with pytest.raises(SystemExit, match="2,000 leads: no record"):
        whole_job.complain([measured(2_000)], [measured(10_000)])


def test_the_record_keeps_other_sizes() -> None:
    kept = whole_job.with_the_record([measured(10_000, 3.0), measured(300)], [measured(10_000), measured(100_000)])
    assert kept == [measured(300), measured(10_000, 3.0), measured(100_000)]


def test_ten_times_the_leads_at_ten_times_the_cost_is_an_exponent_of_one() -> None:
    lines = whole_job.growth([measured(1_000, 1.0), measured(10_000, 10.0), measured(100_000, 1000.0)]).splitlines()
    assert "| taken in | 1,000 | 10,000 | 1.00 | 1.00 |" in lines
    assert "| first load | 10,000 | 100,000 | 2.00 | 2.00 |" in lines


def test_the_files_of_the_newest_day_are_held_back(tmp_path: Path) -> None:
    names = ["crm/leads_2026-11-20_0530.csv", "crm/leads_2026-11-21_0530.csv", "web/a_2026-11-21_0630.parquet", "web/no_date.csv"]
    for name in names:
        path = tmp_path / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    held_back = whole_job.hold_back_the_last_day(tmp_path)
    assert sorted(str(place.relative_to(tmp_path / "landing")) for place in held_back.values()) == names[1:3]
    assert [place.exists() for place in held_back.values()] == [False, False]
    assert all(held.exists() for held in held_back)
