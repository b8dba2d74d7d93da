"""Where notifications happen by themselves: after a run, in Dagster, and on the schedule for what had to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from notifying_house import DAY, FIRST, alert, publish
from receivers import Receiver

from orchestration import run as run_module
from orchestration.house import House
from orchestration.house_resource import held_house, house_resource
from orchestration.lock import house_lock
from orchestration.notifying.assets import half_hourly, notifications, tell
from orchestration.notifying.notify import notify
from orchestration.run import RunResult

ROOT = Path(__file__).resolve().parents[2]
QUICK = {"NTF-007": {"retries": 0}}


@pytest.fixture
def house(home: Path) -> House:
    return House(ROOT, home, ROOT / "connections")


@pytest.fixture
def nothing_new(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that finds nothing to compute."""
    for step in ("require_preflight", "recover", "ensure_lake"):
        monkeypatch.setattr(run_module, step, lambda *_: None)
    result = RunResult(publication=None, ingested=None, reasons=[])
    monkeypatch.setattr(run_module, "_Run", lambda house: SimpleNamespace(go=lambda *_: result))


def materialize(house: House) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        [notifications], resources={"house": held_house(house)}, partition_key="2026-11-16", raise_on_error=False
    )


def test_a_run_that_computes_nothing_still_tells_what_the_one_before_could_not(house, webhook: Receiver, nothing_new):
    publish(house.home, FIRST, [alert()])
    assert [told.sent for told in run_module.run(house).notification.told if told.is_set] == [1]
    assert [told.sent for told in run_module.run(house).notification.told if told.is_set] == [0]
    assert len(webhook.got) == 1


def test_without_an_address_a_run_does_not_even_look(house, nothing_new):
    assert run_module.run(house).notification is None
    assert not (house.home / "outbox").exists()


def test_a_run_leaves_sending_to_the_process_that_is_at_it(house, webhook: Receiver, nothing_new, monkeypatch):
    publish(house.home, FIRST, [alert()])
    with house_lock(house.home / "outbox", "leadhouse notify"):
        # The lock is reentrant within a process, so another one's refusal is played.
        def busy(home: Path) -> None:
            raise run_module.HouseIsBusyError("in use")

        monkeypatch.setattr(run_module, "notify", busy)
        assert run_module.run(house).notification is None
    assert webhook.got == []


def test_the_asset_sends_and_fails_aloud(house, webhook: Receiver):
    publish(house.home, FIRST, [alert()], QUICK)
    webhook.answers = [(500, b"")]
    failed = materialize(house)
    assert not failed.success
    (failure,) = [event for event in failed.all_events if event.is_step_failure]
    said = failure.event_specific_data.user_failure_data.description
    assert said == "自有系统: 1 not sent: it answered with status 500"
    assert materialize(house).success and len(webhook.got) == 1


def test_the_asset_is_content_without_an_address(house):
    assert materialize(house).success


def test_the_schedule_asks_only_when_something_waits(home, webhook: Receiver, monkeypatch):
    monkeypatch.setenv("LEADHOUSE_HOME", str(home))
    schedule = half_hourly("Asia/Shanghai")
    repository = dg.Definitions(
        assets=[notifications], jobs=[tell], schedules=[schedule], resources={"house": house_resource}
    ).get_repository_def()

    def asked() -> list[str]:
        context = dg.build_schedule_context(scheduled_execution_time=datetime.now(UTC), repository_def=repository)
        found = schedule.evaluate_tick(context)
        return [request.partition_key for request in found.run_requests or []]

    assert asked() == []
    # A run that was cut off after publishing: nothing is written down yet.
    publish(home, FIRST, [alert()], QUICK)
    assert asked() == ["2026-11-16"]
    webhook.answers = [(500, b"")]
    notify(home)
    assert asked() == ["2026-11-16"] and webhook.got == []
    notify(home)
    assert asked() == [] and len(webhook.got) == 1
    # Quiet all day and night but for one minute that is not now.
    now = datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai"))
    start = now + timedelta(minutes=-30)
    hours = {"quiet_from": f"{start:%H:%M}", "quiet_to": f"{start - timedelta(minutes=1):%H:%M}"}
    publish(home, FIRST + DAY, [alert(), alert("L2", opened=FIRST + DAY)], {"NTF-007": hours})
    assert asked() == []
