"""Bad input: a clear message, nothing lost, and the other deliveries go on."""

from __future__ import annotations

import pytest

GOOD = "Id,Name,Created\n1,Ann,2026-01-01\n"


def run_beside_a_good_file(leads, content, name="leads_2026-01-02.csv"):
    """Run the bad file between two good ones and return its receipt."""
    leads.deliver("leads_2026-01-01.csv", GOOD)
    leads.deliver(name, content)
    leads.deliver("leads_2026-01-03.csv", GOOD + "2,Bob,2026-01-02\n")
    result = leads.run()
    statuses = leads.statuses()
    assert statuses.pop("leads_2026-01-01.csv") == "loaded"
    assert statuses.pop("leads_2026-01-03.csv") == "loaded"
    assert len(result.receipts) == 3
    assert (leads.paths.landing / name).exists()
    (receipt,) = [one for one in result.receipts if one.file_name == name]
    return receipt


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf\r\n", "The file is empty"),
        (b"Name,Created\nAnn,2026-01-01\n", "no column 'Id'"),
        (b"Id;Name;Created\n1;Ann;2026-01-01\n", "add `delimiter: semicolon`"),
        (b"PK\x03\x04whatever", "an Excel workbook"),
        (b"\x1f\x8b\x08\x00whatever", "compressed with gzip"),
        ("Id,Name\n1,Ann\n".encode("utf-16-le"), "UTF-16"),
        (b"Id,Name,Created\n1,Ann,2026-01-01\n2,B", "looks cut off: its last line is incomplete"),
        (b'Id,Name,Created\n1,Ann,2026-01-01\n2,"Bo', "looks cut off"),
        (
            b"Id,Name,Created\n,Ann,2026-01-01\n,Bob,\n",
            "None of the 2 records can be read: line 2, column 'Id'",
        ),
    ],
    ids=[
        "empty",
        "blank",
        "no_key_column",
        "separator",
        "workbook",
        "gzip",
        "utf16",
        "cut_off",
        "open_quote",
        "no_keys",
    ],
)
def test_an_unreadable_delivery_fails_alone(leads, content, message):
    receipt = run_beside_a_good_file(leads, content)
    assert receipt.status == "failed"
    assert message in receipt.message
    assert not leads.last.ok
    assert leads.last.failed == [receipt]


def test_a_missing_required_column_names_the_nearest_and_the_line_of_the_connection(leads):
    receipt = run_beside_a_good_file(leads, b"ID.,Name,Created\n1,Ann,2026-01-01\n")
    assert "crm.yml:7" in receipt.message
    assert "Did you mean 'ID.'?" in receipt.message


def test_a_missing_optional_column_is_told_and_the_rest_loaded(leads):
    leads.deliver("leads_2026-01-01.csv", "Id,Full Name\n1,Ann\n")
    receipt = leads.one()
    assert receipt.status == "loaded"
    assert "No column 'Name'" in receipt.message
    assert leads.rows("custom_attributes") == [('{"Full Name":"Ann"}',)]


def test_a_wrong_encoding_names_byte_and_line(house):
    house.connect("system: crm\nfeed: crm_leads\npath: leads.csv\nencoding: utf-8\n")
    house.deliver("leads.csv", "lead_id,person_name\n1,Ann\n2,张三\n", "gb18030")
    receipt = house.one()
    assert receipt.status == "failed"
    assert "byte 28 (line 3: d5 c5" in receipt.message
    assert "encoding: auto" in receipt.message


def test_text_that_is_called_xlsx_says_what_it_is(house):
    house.connect("system: crm\nfeed: crm_leads\npath: leads.xlsx\n")
    house.deliver("leads.xlsx", "lead_id,person_name\n1,Ann\n")
    receipt = house.one()
    assert receipt.status == "failed"
    assert "not an Excel workbook but text: it begins with 'lead_id,person_name'" in receipt.message
    assert "reader: csv" in receipt.message


def test_a_web_page_that_is_called_xls_says_what_it_is(house):
    house.connect("system: crm\nfeed: crm_leads\npath: leads.xls\n")
    house.deliver("leads.xls", "<html><table><tr><td>lead_id</td></tr></table></html>")
    assert "a web page" in house.one().message


def test_a_damaged_workbook_and_a_damaged_parquet_file_fail_alone(house):
    house.connect("system: a\nfeed: crm_leads\npath: leads.xlsx\n", "a")
    house.connect("system: b\nfeed: crm_leads\npath: leads.parquet\n", "b")
    house.deliver("leads.xlsx", b"PK\x03\x04broken")
    house.deliver("leads.parquet", b"PAR1broken")
    house.run()
    assert [receipt.status for receipt in house.last.receipts] == ["failed", "failed"]
    assert "damaged" in house.last.receipts[0].message
    assert "Parquet" in house.last.receipts[1].message


def test_a_line_of_64_megabytes_is_rejected_and_its_neighbours_are_loaded(leads):
    leads.deliver(
        "leads_2026-01-01.csv",
        b"Id,Name,Created\n1,Ann,2026-01-01\n2," + b"x" * (64 << 20) + b",2026-01-01\n3,Cid,2026-01-01\n",
    )
    receipt = leads.one()
    assert (receipt.status, receipt.records, receipt.stored, receipt.rejected) == ("loaded", 3, 2, 1)
    ((line, _, reason, raw),) = leads.rejects()
    assert line == 3
    assert "the line has 67108" in reason
    assert raw.startswith("2,xxx")
    assert len(raw) < 30_000
    assert leads.rows("lead_id") == [("1",), ("3",)]


def test_broken_lines_are_kept_with_their_physical_line_and_text(leads):
    leads.deliver(
        "leads_2026-01-01.csv",
        'Id,Name,Created\n1,"An\nn",2026-01-01\n2,Bob\n3,Cid,2026-01-01,extra\n\n4,"D"x,2026-01-01\n,Eve,2026-01-01\n5,Fay,2026-01-01\n',
    )
    receipt = leads.one()
    assert (receipt.records, receipt.stored, receipt.rejected) == (6, 2, 4)
    assert [(line, raw) for line, _, _, raw in leads.rejects()] == [
        (4, "2,Bob"),
        (5, "3,Cid,2026-01-01,extra"),
        (7, '4,"D"x,2026-01-01'),
        (8, ",Eve,2026-01-01"),
    ]
    reasons = [row[0] for row in leads.rejects("reason")]
    assert "has 2 values, the header has 3" in reasons[0]
    assert "has 4 values" in reasons[1]
    assert "a quote within a value must be doubled" in reasons[2]
    assert "no lead_id" in reasons[3]
    assert leads.rows("delivery_row, lead_id") == [(1, "1"), (3, "5")]


def test_a_quote_that_is_never_closed_costs_its_own_line_only(leads):
    leads.deliver(
        "leads_2026-01-01.csv",
        'Id,Name,Created\n1,Ann,2026-01-01\n2,"Bob,2026-01-01\n3,Cid,2026-01-01\n4,Dan,2026-01-01\n',
    )
    receipt = leads.one()
    assert (receipt.records, receipt.stored, receipt.rejected) == (4, 3, 1)
    assert leads.rejects("line_number, raw_text") == [(3, '2,"Bob,2026-01-01')]


def test_a_required_value_that_does_not_parse_rejects_the_record(house):
    house.connect(
        "system: t\nfeed: web_events\npath: events.csv\nconstants: {event_type: page_view}\ncolumns: {occurred_at: When}\n"
    )
    house.deliver("events.csv", "event_id,When\n1,2026-01-01\n2,soon\n3,\n")
    receipt = house.one()
    assert (receipt.stored, receipt.rejected) == (1, 2)
    assert [(line, column) for line, column, *_ in house.rejects()] == [(3, "When"), (4, "When")]
    assert "'soon' is no timestamp for occurred_at" in house.rejects("reason")[0][0]


def test_an_unknown_touch_type_is_stored_for_cleansing_to_judge(house):
    house.connect("system: t\nfeed: web_events\npath: events.csv\n")
    house.deliver("events.csv", "event_id,occurred_at,event_type\n1,2026-01-01,teleported\n")
    assert house.one().stored == 1


def test_a_header_without_records_is_a_delivery_without_records(leads):
    leads.deliver("leads_2026-01-01.csv", "Id,Name,Created\n")
    receipt = leads.one()
    assert (receipt.status, receipt.records) == ("loaded", 0)


def test_a_file_that_cannot_be_opened_fails_alone(leads, monkeypatch):
    from orchestration.ingestion import run

    original = run.sha256

    def refuse(path):
        if path.name == "leads_2026-01-02.csv":
            raise PermissionError(13, "Permission denied")
        return original(path)

    monkeypatch.setattr(run, "sha256", refuse)
    receipt = run_beside_a_good_file(leads, GOOD.encode())
    assert receipt.status == "failed"
    assert "Permission denied" in receipt.message


def test_a_failure_nobody_foresaw_fails_alone(leads, monkeypatch):
    from orchestration.ingestion import delivery

    original = delivery.resolve

    def stumble(connection, headers):
        if "Surprise" in headers:
            raise RuntimeError("never seen before")
        return original(connection, headers)

    monkeypatch.setattr(delivery, "resolve", stumble)
    receipt = run_beside_a_good_file(leads, b"Id,Name,Created,Surprise\n1,Ann,2026-01-01,x\n")
    assert receipt.status == "failed"
    assert "Unexpected RuntimeError: never seen before" in receipt.message


def test_a_file_name_without_its_date_fails_alone(leads):
    receipt = run_beside_a_good_file(leads, GOOD.encode(), name="leads_final.csv")
    assert receipt.status == "failed"
    assert "does not match known_at.file_name" in receipt.message


def test_a_failed_delivery_is_tried_again_and_loads_once_it_can_be_read(house):
    house.connect("system: crm\nfeed: crm_leads\npath: leads.csv\ncolumns: {lead_id: Nummer}\n")
    house.deliver("leads.csv", "No,Name\n1,Ann\n")
    assert house.one().status == "failed"
    assert house.last.anything_new
    assert house.one().status == "failed"
    assert not house.last.anything_new
    house.connect("system: crm\nfeed: crm_leads\npath: leads.csv\ncolumns: {lead_id: No}\n")
    assert house.one().status == "loaded"


def test_rejected_records_get_another_try_when_their_connection_is_corrected(house):
    text = "system: t\nfeed: web_events\npath: events.csv\ndate_formats: {}\n"
    house.connect(text.replace("{}", "'%d.%m.%Y'"))
    house.deliver(
        "events.csv", "event_id,occurred_at,event_type\n1,01.03.2026,session\n2,2026-03-01,session\n"
    )
    assert (house.one().stored, house.last.receipts[0].rejected) == (1, 1)
    assert house.one().status == "repeated"
    house.connect(text.replace("{}", "['%d.%m.%Y', iso]"))
    receipt = house.one()
    assert (receipt.status, receipt.stored, receipt.duplicate, receipt.rejected) == ("loaded", 1, 1, 0)
    assert house.rows("event_id", "web_events", "record_key") == [("1",), ("2",)]
    assert house.one().status == "repeated"
