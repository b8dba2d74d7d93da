"""Snapshots, changes and events: what is stored, what is not, and when it counts as known."""

from __future__ import annotations

import json
import random
import shutil
from datetime import datetime, timedelta

import pytest

from orchestration.ingestion import run as run_module
from orchestration.ingestion.run import delivery_id, ingest

HEADER = "Id,Name,Created\n"


def lead(number: int, name: str = "Ann") -> str:
    return f"{number},{name},2026-01-01\n"


def day(number: int) -> datetime:
    return datetime(2026, 1, number)


def state(leads, columns="lead_id, person_name, is_deleted"):
    """The version of every lead that counts now."""
    return leads.query(
        f"select {columns} from {leads.table('raw/crm_leads')} "
        "qualify row_number() over (partition by record_key order by known_at desc, delivery_row desc) = 1 order by record_key"
    )


# Snapshots


def test_a_snapshot_stores_only_what_changed(leads):
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1) + lead(2))
    leads.deliver("leads_2026-01-02.csv", HEADER + lead(1) + lead(2, "Bea") + lead(3))
    first, second = leads.run().receipts
    assert (first.stored, first.unchanged) == (2, 0)
    assert (second.stored, second.unchanged, second.tombstones) == (2, 1, 0)


def test_a_record_missing_from_a_snapshot_becomes_a_tombstone_and_may_return(leads):
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1) + lead(2))
    leads.deliver("leads_2026-01-02.csv", HEADER + lead(1))
    leads.deliver("leads_2026-01-03.csv", HEADER + lead(1))
    leads.deliver("leads_2026-01-04.csv", HEADER + lead(1) + lead(2))
    receipts = leads.run().receipts
    assert [(one.stored, one.unchanged, one.tombstones) for one in receipts] == [
        (2, 0, 0),
        (0, 1, 1),
        (0, 1, 0),
        (1, 1, 0),
    ]
    columns = "lead_id, person_name, delivery_row, is_deleted, known_at"
    assert [row for row in leads.rows(columns) if row[0] == "2"] == [
        ("2", "Ann", 2, False, day(1)),
        ("2", None, None, True, day(2)),
        ("2", "Ann", 2, False, day(4)),
    ]


def test_a_then_b_then_a_again_leaves_a(leads):
    for number, name in ((1, "Ann"), (2, "Bea"), (3, "Ann")):
        leads.deliver(f"leads_2026-01-0{number}.csv", HEADER + lead(1, name))
    assert [one.stored for one in leads.run().receipts] == [1, 1, 1]
    assert state(leads) == [("1", "Ann", False)]


def test_a_file_that_is_overwritten_and_returns_to_its_old_content_leaves_the_old_content(house):
    house.connect("system: crm\nfeed: crm_leads\npath: leads.csv\ndelivery: snapshot\n")
    for name in ("Ann", "Bea", "Ann"):
        house.deliver("leads.csv", f"lead_id,person_name\n1,{name}\n")
        assert house.one().stored == 1
    assert house.one().status == "repeated"
    assert state(house) == [("1", "Ann", False)]


def test_a_snapshot_that_lost_too_much_is_held_whole(leads):
    leads.deliver("leads_2026-01-01.csv", HEADER + "".join(lead(number) for number in range(10)))
    leads.deliver("leads_2026-01-02.csv", HEADER + lead(0, "Bea") + lead(0, "Bea") + "broken\n")
    _, second = leads.run().receipts
    assert (second.status, second.records, second.quarantined, second.rejected) == ("quarantined", 3, 2, 1)
    assert "9 of 10 known records are missing" in second.message
    assert "max_missing_pct" in second.message
    held = leads.query(
        f"select lead_id, person_name from read_parquet('{leads.paths.held}/crm_leads/*.parquet')"
    )
    assert held == [("0", "Bea"), ("0", "Bea")]
    assert len(leads.rows("1")) == 10
    assert leads.last.ok


def test_a_held_snapshot_stays_held_until_its_connection_changes(leads):
    leads.deliver("leads_2026-01-01.csv", HEADER + "".join(lead(number) for number in range(10)))
    leads.deliver("leads_2026-01-02.csv", HEADER + lead(0))
    leads.run()
    assert leads.run().held[0].quarantined == 1
    assert not leads.last.anything_new
    file = leads.connections / "crm.yml"
    file.write_text(file.read_text() + "max_missing_pct: 95\n")
    leads.run()
    assert leads.statuses() == {"leads_2026-01-01.csv": "repeated", "leads_2026-01-02.csv": "loaded"}
    assert leads.last.loaded[0].tombstones == 9
    assert not list(leads.paths.held.glob("crm_leads/*"))


def test_exactly_the_permitted_share_may_be_missing(leads):
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1) + lead(2))
    leads.deliver("leads_2026-01-02.csv", HEADER + lead(1))
    leads.run()
    assert [one.status for one in leads.last.receipts] == ["loaded", "loaded"]


def test_unreadable_lines_keep_missing_records_alive(leads):
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1) + lead(2) + lead(3))
    leads.deliver("leads_2026-01-02.csv", HEADER + lead(1) + lead(2) + "3,Ann\n")
    second = leads.run().receipts[1]
    assert (second.tombstones, second.rejected) == (0, 1)
    assert "were not marked as deleted" in second.message


def test_a_snapshot_with_several_rows_of_one_key_is_stable(leads):
    twice = HEADER + lead(1, "Ann") + lead(1, "Bea") + lead(1, "Ann")
    for number in (1, 2, 3):
        leads.deliver(f"leads_2026-01-0{number}.csv", twice)
    receipts = leads.run().receipts
    assert [(one.stored, one.unchanged, one.duplicate) for one in receipts] == [
        (2, 0, 1),
        (0, 2, 1),
        (0, 2, 1),
    ]


# Changes


@pytest.fixture
def changes(leads):
    file = leads.connections / "crm.yml"
    file.write_text(file.read_text().replace("snapshot", "changes"))
    return leads


def test_changes_leave_the_records_alone_that_they_do_not_mention(changes):
    changes.deliver("leads_2026-01-01.csv", HEADER + lead(1) + lead(2))
    changes.deliver("leads_2026-01-02.csv", HEADER + lead(2, "Bea") + lead(2, "Bea") + lead(3))
    receipts = changes.run().receipts
    assert [(one.stored, one.unchanged, one.duplicate, one.tombstones) for one in receipts] == [
        (2, 0, 0, 0),
        (2, 0, 1, 0),
    ]
    assert state(changes) == [("1", "Ann", False), ("2", "Bea", False), ("3", "Ann", False)]


def test_changes_within_one_file_are_versions_in_their_order(changes):
    changes.deliver("leads_2026-01-01.csv", HEADER + lead(1, "Ann") + lead(1, "Bea") + lead(1, "Ann"))
    changes.deliver("leads_2026-01-02.csv", HEADER + lead(1, "Ann"))
    assert [(one.stored, one.unchanged) for one in changes.run().receipts] == [(3, 0), (0, 1)]
    assert state(changes) == [("1", "Ann", False)]


# Events


EVENTS = """
    system: web
    feed: web_events
    path: events_*.csv
    known_at: {file_name: 'events_([0-9-]+)', format: '%Y-%m-%d'}
"""
EVENT_HEADER = "event_id,occurred_at,event_type\n"


def test_an_event_counts_once(house):
    house.connect(EVENTS)
    house.deliver(
        "events_2026-01-01.csv",
        EVENT_HEADER + "1,2026-01-01,session\n1,2026-01-01,session\n2,2026-01-01,session\n",
    )
    house.deliver("events_2026-01-02.csv", EVENT_HEADER + "2,2026-01-01,session\n3,2026-01-02,session\n")
    receipts = house.run().receipts
    assert [(one.stored, one.duplicate, one.unchanged) for one in receipts] == [(2, 1, 0), (1, 1, 0)]


def test_an_event_delivered_again_with_other_content_is_stored_and_the_newest_counts(house):
    house.connect(EVENTS)
    house.deliver("events_2026-01-01.csv", EVENT_HEADER + "1,2026-01-01,session\n")
    house.deliver("events_2026-01-02.csv", EVENT_HEADER + "1,2026-01-01,page_view\n")
    house.run()
    assert house.rows("event_type, known_at", "web_events") == [("session", day(1)), ("page_view", day(2))]


def test_late_events_are_taken_in_whenever_they_come(house):
    house.connect(EVENTS)
    house.deliver("events_2026-01-02.csv", EVENT_HEADER + "2,2026-01-02,session\n")
    house.run()
    house.deliver("events_2026-01-01.csv", EVENT_HEADER + "1,2026-01-01,session\n")
    house.run()
    assert house.rows("event_id, known_at", "web_events") == [("1", day(1)), ("2", day(2))]


# Order


def test_deliveries_are_taken_in_by_their_time_whatever_the_folder_says(house):
    house.connect(
        """
        system: crm
        feed: crm_leads
        path: '*.csv'
        delivery: snapshot
        known_at: {file_name: '([0-9]{2}[.][0-9]{2}[.][0-9]{4})', format: '%d.%m.%Y'}
        """
    )
    for name, date in (("c", "01.12.2025"), ("a", "02.01.2026"), ("b", "15.12.2025")):
        house.deliver(f"{name} {date}.csv", f"lead_id,person_name\n1,{date}\n")
    house.run()
    assert [row[0] for row in house.rows("person_name")] == ["01.12.2025", "15.12.2025", "02.01.2026"]


@pytest.mark.parametrize("kind", ["snapshot", "changes"])
def test_an_older_delivery_that_comes_late_is_held_so_that_old_values_do_not_return(leads, kind):
    file = leads.connections / "crm.yml"
    file.write_text(file.read_text().replace("snapshot", kind))
    leads.deliver("leads_2026-01-02.csv", HEADER + lead(1, "new"))
    leads.run()
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1, "old"))
    leads.run()
    (held,) = leads.last.held
    assert held.file_name == "leads_2026-01-01.csv"
    assert "out_of_order: load" in held.message
    assert state(leads) == [("1", "new", False)]
    file.write_text(file.read_text() + "out_of_order: load\n")
    leads.run()
    assert state(leads) == [("1", "old", False)]


def test_a_repaired_old_snapshot_does_not_overwrite_the_one_that_came_after(house):
    text = "system: crm\nfeed: crm_leads\npath: leads_*.csv\ndelivery: snapshot\nencoding: {}\n"
    house.connect(text.format("utf-8"))
    house.deliver("leads_1.csv", "lead_id,person_name\n1,旧\n", "gb18030")
    house.run()
    house.deliver("leads_2.csv", "lead_id,person_name\n1,新\n")
    house.run()
    house.connect(text.format("auto"))
    house.run()
    assert house.statuses() == {"leads_1.csv": "quarantined", "leads_2.csv": "repeated"}
    assert "'leads_2.csv', which came later," in house.last.held[0].message
    assert state(house) == [("1", "新", False)]


# Known at


def test_without_more_a_row_is_known_when_the_run_saw_it(house):
    house.connect("system: crm\nfeed: crm_leads\npath: leads.csv\n")
    house.deliver("leads.csv", "lead_id\n1\n")
    house.run(now=datetime(2026, 3, 2, 8, 30))
    assert house.rows("known_at") == [(datetime(2026, 3, 2, 8, 30),)]
    assert (house.paths.raw / "crm_leads" / "ingest_month=2026-03").is_dir()


def test_the_time_in_a_file_name_is_local_time(house):
    house.connect(
        """
        system: crm
        feed: crm_leads
        path: leads_*.csv
        timezone: Asia/Shanghai
        known_at: {file_name: 'leads_([0-9-]+_[0-9]+)', format: '%Y-%m-%d_%H%M'}
        """
    )
    house.deliver("leads_2026-01-01_0730.csv", "lead_id\n1\n")
    assert house.one().asserted_at == datetime(2025, 12, 31, 23, 30)
    assert house.rows("known_at") == [(datetime(2025, 12, 31, 23, 30),)]


def test_the_time_in_a_file_name_may_be_of_another_zone_than_the_times_in_the_file(house):
    house.connect(
        """
        system: web
        feed: crm_leads
        path: leads_*.csv
        known_at: {file_name: 'leads_([0-9]+)', format: '%Y%m%d', timezone: Asia/Shanghai}
        """
    )
    house.deliver("leads_20260102.csv", "lead_id,created_at\n1,2026-01-01 12:00\n")
    house.run()
    assert house.rows("created_at, known_at") == [(datetime(2026, 1, 1, 12), datetime(2026, 1, 1, 16))]


@pytest.mark.parametrize("column", ["created_at", "Seen"])
def test_a_column_may_say_when_each_row_was_known(house, column):
    house.connect(f"system: crm\nfeed: crm_leads\npath: leads.csv\nknown_at: {{column: {column}}}\n")
    house.deliver("leads.csv", f"lead_id,{column}\n1,2026-01-05 10:00\n2,2026-01-03\n3,\n")
    run = house.run(now=datetime(2026, 3, 2, 8, 30))
    assert house.rows("lead_id, known_at", order="delivery_row") == [
        ("1", datetime(2026, 1, 5, 10)),
        ("2", datetime(2026, 1, 3)),
        ("3", datetime(2026, 3, 2, 8, 30)),
    ]
    assert run.receipts[0].known_at == datetime(2026, 3, 2, 8, 30)


def test_nothing_becomes_known_before_what_is_published(leads):
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1))
    leads.run()
    leads.paths.serving.mkdir(exist_ok=True)
    leads.paths.published.write_text(json.dumps({"known_until_at": "2026-02-01T06:00:00+08:00"}))
    for number in (2, 3, 4):
        leads.deliver(f"leads_2026-01-0{number}.csv", HEADER + lead(1, f"v{number}"))
    leads.run()
    published = datetime(2026, 1, 31, 22)
    microsecond = timedelta(microseconds=1)
    assert leads.rows("person_name, known_at") == [
        ("Ann", day(1)),
        ("v2", published),
        ("v3", published + microsecond),
        ("v4", published + 2 * microsecond),
    ]


def test_an_unreadable_publication_stops_the_run_before_anything_is_written(leads):
    leads.paths.serving.mkdir(exist_ok=True)
    leads.paths.published.write_text("{}")
    with pytest.raises(ValueError, match="known_until_at"):
        leads.run()


# Receipts


def test_every_look_at_a_file_is_logged(leads):
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1))
    assert leads.run().anything_new
    second = leads.run()
    assert not second.anything_new
    (receipt,) = second.receipts
    assert (receipt.status, receipt.records, receipt.stored, receipt.known_at) == ("repeated", 0, 0, day(1))
    assert leads.receipts("status") == [("loaded",), ("repeated",)]


def test_a_delivery_with_nothing_but_known_rows_is_logged_and_news(leads):
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1))
    leads.run()
    leads.deliver("leads_2026-01-02.csv", HEADER + lead(1))
    leads.run()
    assert leads.statuses()["leads_2026-01-02.csv"] == "loaded"
    assert leads.last.anything_new


def test_totals_count_records_by_fate_and_files_by_status(leads):
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1) + lead(1) + "x\n")
    leads.deliver("leads_2026-01-02.csv", b"")
    totals = leads.run().totals
    assert totals == {
        "records": 3,
        "stored": 1,
        "unchanged": 0,
        "duplicate": 1,
        "rejected": 1,
        "quarantined": 0,
        "tombstones": 0,
        "files_loaded": 1,
        "files_repeated": 0,
        "files_quarantined": 0,
        "files_failed": 1,
    }


def test_the_identity_of_a_delivery_is_connection_name_and_content():
    assert delivery_id("crm", "a.csv", "00") == delivery_id("crm", "a.csv", "00")
    others = {
        delivery_id("crm", "a.csv", "00"),
        delivery_id("erp", "a.csv", "00"),
        delivery_id("crm", "b.csv", "00"),
        delivery_id("crm", "a.csv", "01"),
        delivery_id("crm", "a.csv", "00", 1),
    }
    assert len(others) == 5


def test_progress_is_told(leads):
    told = []
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1))
    leads.run(on_progress=lambda done, total, note: told.append((done, total, note)))
    assert told == [(0, 1, "crm: leads_2026-01-01.csv"), (1, 1, "")]


# Crashes, order of the folder, threads


def everything(leads) -> list[tuple]:
    return leads.rows("*")


def test_a_run_that_dies_before_its_receipt_is_healed(leads, monkeypatch):
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1))
    leads.deliver("leads_2026-01-02.csv", HEADER + lead(1, "Bea") + lead(2))
    with monkeypatch.context() as patched:
        patched.setattr(run_module, "write_receipts", lambda *arguments: None)
        leads.run()
    assert leads.receipts() == []
    result = leads.run()
    assert len(result.healed) == 2
    assert [one.status for one in result.receipts] == ["loaded", "loaded"]
    assert leads.rows("lead_id, person_name, known_at") == [
        ("1", "Ann", day(1)),
        ("1", "Bea", day(2)),
        ("2", "Ann", day(2)),
    ]


def test_the_state_of_a_connection_can_be_rebuilt_from_the_lake(leads):
    several = lead(3, "x") + lead(3, "y")
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1) + lead(2) + several)
    leads.deliver("leads_2026-01-02.csv", HEADER + lead(1, "Bea") + several)
    leads.run()
    kept = leads.query(f"select * from read_parquet('{leads.paths.state}/crm.parquet')")
    shutil.rmtree(leads.paths.state)
    leads.deliver("leads_2026-01-03.csv", HEADER + lead(1, "Bea") + several)
    receipt = leads.run().receipts[-1]
    assert (receipt.stored, receipt.unchanged, receipt.tombstones) == (0, 3, 0)
    assert leads.query(f"select * from read_parquet('{leads.paths.state}/crm.parquet')") == kept


def test_a_state_that_does_not_know_the_newest_delivery_is_not_used(leads):
    leads.deliver("leads_2026-01-01.csv", HEADER + lead(1))
    leads.run()
    old = (leads.paths.state / "crm.parquet").read_bytes()
    leads.deliver("leads_2026-01-02.csv", HEADER + lead(1, "Bea"))
    leads.run()
    (leads.paths.state / "crm.parquet").write_bytes(old)
    leads.deliver("leads_2026-01-03.csv", HEADER + lead(1))
    assert leads.run().receipts[-1].stored == 1


def test_the_lake_does_not_depend_on_threads_or_on_the_order_of_the_folder(leads, tmp_path, monkeypatch):
    generator = random.Random(7)
    for number in range(1, 8):
        rows = [lead(generator.randrange(3000), generator.choice("ABC")) for _ in range(2500)]
        leads.deliver(f"leads_2026-01-0{number}.csv", HEADER + "".join(rows))
    file = leads.connections / "crm.yml"
    file.write_text(file.read_text() + "max_missing_pct: 100\n")
    leads.run(threads=1)
    one = everything(leads)
    shutil.rmtree(leads.paths.lake)
    original = run_module.Connection.deliveries
    monkeypatch.setattr(run_module.Connection, "deliveries", lambda self: original(self)[::-1])
    leads.run(threads=2)
    assert everything(leads) == one
    assert len(one) > 5000


def test_files_that_come_in_several_runs_give_the_same_rows_as_in_one(leads):
    files = {number: HEADER + lead(1, f"v{number % 2}") + lead(number) for number in range(1, 5)}
    for number, content in files.items():
        leads.deliver(f"leads_2026-01-0{number}.csv", content)
        leads.run()
    apart = everything(leads)
    shutil.rmtree(leads.paths.lake)
    ingest(leads.connections, leads.home, now=leads.now)
    assert everything(leads) == apart
