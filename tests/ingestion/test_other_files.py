"""Excel workbooks, JSON lines and Parquet are everyday deliveries too."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, time, timedelta

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.ingestion.read_other import cell_text

XLSX = """
    system: crm
    feed: crm_leads
    path: leads.xlsx
    timezone: Asia/Shanghai
    columns: {lead_id: 编号, person_name: 姓名, mobile: 手机, created_at: 创建时间, email_opt_out: 退订}
"""
HEADER = ["编号", "姓名", "手机", "创建时间", "退订", "备注"]


def workbook(*rows: list, sheet: str = "线索", merge: str | None = None) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    if merge:
        page.merge_cells(merge)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_an_excel_export_keeps_dates_numbers_and_long_ids(house):
    house.connect(XLSX)
    house.deliver(
        "leads.xlsx",
        workbook(
            HEADER,
            [1, "张三", 13800138000, datetime(2026, 3, 1, 9, 14), True, 1.5],
            [2, "李四", "13800138001", date(2026, 3, 1), "否", None],
            [3, "王五", None, "2026/3/1 09:14", None, "手写"],
        ),
    )
    house.run()
    assert house.rows("lead_id, mobile, created_at, email_opt_out, custom_attributes") == [
        ("1", "13800138000", datetime(2026, 3, 1, 1, 14), True, '{"备注":"1.5"}'),
        ("2", "13800138001", datetime(2026, 2, 28, 16), False, None),
        ("3", None, datetime(2026, 3, 1, 1, 14), None, '{"备注":"手写"}'),
    ]


def test_real_dates_are_read_whatever_format_the_text_dates_have(house):
    house.connect(XLSX + "    date_formats: '%d.%m.%Y'\n")
    house.deliver(
        "leads.xlsx",
        workbook(HEADER, [1, "", "", datetime(2026, 3, 1, 8), "", ""], [2, "", "", "01.03.2026", "", ""]),
    )
    house.run()
    assert house.rows("created_at") == [(datetime(2026, 3, 1),), (datetime(2026, 2, 28, 16),)]


def test_merged_title_cells_stand_above_every_column_they_cover(house):
    house.connect(
        """
        system: crm
        feed: crm_leads
        path: leads.xlsx
        skip_rows: 1
        header_rows: 2
        columns: {lead_id: 编号, person_name: 联系人 / 姓名, mobile: 联系人 / 手机, note: 备注}
        """
    )
    rows = [
        ["线索导出"],
        ["编号", "联系人", None, None],
        [None, "姓名", "手机", "备注"],
        [7, "张三", 138, "x"],
    ]
    house.deliver("leads.xlsx", workbook(*rows, merge="B2:C2"))
    house.run()
    assert house.rows("lead_id, person_name, mobile, note") == [("7", "张三", "138", "x")]


def test_the_sheet_is_chosen_by_name(house):
    book = openpyxl.Workbook()
    book.active.append(["说明"])
    page = book.create_sheet("线索")
    page.append(HEADER)
    page.append([1, "张三"])
    buffer = io.BytesIO()
    book.save(buffer)
    house.deliver("leads.xlsx", buffer.getvalue())
    house.connect(XLSX + "    sheet: 线索\n")
    assert house.one().stored == 1
    house.connect(XLSX + "    sheet: 线索表\n", "other")
    house.run()
    assert "Did you mean '线索'?" in house.last.failed[0].message


def test_blank_rows_and_totals_of_a_sheet_are_no_records(house):
    house.connect(XLSX + "    trailer: 合计\n")
    house.deliver("leads.xlsx", workbook(HEADER, [1, "张三"], [], [2, "李四"], ["合计: 2"]))
    receipt = house.one()
    assert (receipt.records, receipt.stored) == (2, 2)


def test_a_rejected_record_of_a_sheet_is_found_by_its_row(house):
    house.connect(XLSX)
    house.deliver("leads.xlsx", workbook(["导出"], HEADER, [1, "张三"], [None, "无编号"]))
    house.connect(XLSX + "    skip_rows: 1\n")
    house.run()
    ((line, column, reason, raw),) = house.rejects()
    assert (line, column) == (4, "编号")
    assert "no lead_id" in reason
    assert "无编号" in raw


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.1, "0.1"),
        (6.2e17, "6.2e+17"),
        (True, "true"),
        (datetime(2026, 3, 1, 9, 13, 59, 999999), "2026-03-01 09:14:00"),
        (datetime(2026, 3, 1, 9, 14, 0, 250000), "2026-03-01 09:14:00.250000"),
        (date(2026, 3, 1), "2026-03-01"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=30, minutes=5), "30:05:00"),
        (None, ""),
    ],
)
def test_excel_values_as_text(value, text):
    assert cell_text(value) == text


JSONL = """
    system: tracker
    feed: web_events
    path: events.jsonl
    columns:
      event_id: id
      occurred_at: {from: ts, formats: unix_millis}
      event_type: type
      email: user.email
      duration_seconds: seconds
"""


def events(*objects) -> str:
    return (
        "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in objects)
        + "\n"
    )


def test_json_lines_keep_nested_values_and_read_dotted_paths(house):
    house.connect(JSONL)
    house.deliver(
        "events.jsonl",
        events(
            {
                "id": 1,
                "ts": 1772355900000,
                "type": "page_view",
                "user": {"email": "a@x.com", "tags": ["a", 1]},
            },
            {"id": "2", "ts": "1772355900000", "type": "session", "seconds": 30, "新": True, "nothing": None},
        ),
    )
    house.run()
    columns = "event_id, occurred_at, event_type, email, duration_seconds, custom_attributes"
    assert house.rows(columns, "web_events") == [
        (
            "1",
            datetime(2026, 3, 1, 9, 5),
            "page_view",
            "a@x.com",
            None,
            '{"user":"{\\"email\\":\\"a@x.com\\",\\"tags\\":[\\"a\\",1]}"}',
        ),
        ("2", datetime(2026, 3, 1, 9, 5), "session", None, 30, '{"新":"true"}'),
    ]


def test_a_broken_json_line_is_rejected_alone(house):
    house.connect(JSONL)
    good = {"id": 1, "ts": 1772355900000, "type": "page_view"}
    house.deliver("events.jsonl", events(good, "", " ", '{"id": 2, "ts"', "[1, 2]", {**good, "id": 3}))
    receipt = house.one()
    assert (receipt.records, receipt.stored, receipt.rejected) == (4, 2, 2)
    assert [(line, raw) for line, _, _, raw in house.rejects()] == [(4, '{"id": 2, "ts"'), (5, "[1, 2]")]


def test_a_json_record_without_a_required_value_is_rejected_with_its_line(house):
    house.connect(JSONL)
    good = {"id": 1, "ts": 1772355900000, "type": "page_view"}
    house.deliver("events.jsonl", events(good, {"id": 2, "ts": "yesterday", "type": "session"}))
    house.run()
    ((line, column, reason, raw),) = house.rejects()
    assert (line, column) == (2, "ts")
    assert "'yesterday' is no timestamp" in reason
    assert json.loads(raw)["id"] == 2


def test_a_json_array_says_how_to_turn_it_into_lines(house):
    house.connect(JSONL)
    house.deliver("events.jsonl", '[\n{"id": 1},\n{"id": 2}\n]\n')
    receipt = house.one()
    assert receipt.status == "failed"
    assert "jq -c" in receipt.message


def test_parquet_is_read_with_its_types(house):
    house.connect("system: lake\nfeed: crm_leads\npath: leads.parquet\ncolumns: {lead_id: id}\n")
    table = pa.table(
        {
            "id": [1, 2],
            "created_at": pa.array([datetime(2026, 3, 1, 9), None], pa.timestamp("us", tz="Asia/Shanghai")),
            "headcount": [12, None],
            "do_not_call": [True, None],
            "tags": [["a", "b"], []],
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    house.deliver("leads.parquet", buffer.getvalue())
    assert house.one().records == 2
    assert house.rows("delivery_row, lead_id, created_at, headcount, do_not_call, custom_attributes") == [
        (1, "1", datetime(2026, 3, 1, 9), 12, True, '{"tags":"[\\"a\\",\\"b\\"]"}'),
        (2, "2", None, None, None, '{"tags":"[]"}'),
    ]
