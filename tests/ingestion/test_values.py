"""Raw words become the contract's types; what does not parse is kept beside, nothing is guessed."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

import pytest


def load(house, connection: str, header: str, *lines: str):
    house.connect("system: crm\nfeed: crm_leads\npath: leads.csv\n" + connection)
    house.deliver("leads.csv", "\n".join([header, *lines]) + "\n")
    return house.one()


@pytest.mark.parametrize(
    ("formats", "zone", "raw", "utc"),
    [
        ("", "", "2026-03-01", datetime(2026, 3, 1)),
        ("", "", "2026/3/1 9:05", datetime(2026, 3, 1, 9, 5)),
        ("", "", "2026-03-01T09:05:07.250Z", datetime(2026, 3, 1, 9, 5, 7, 250000)),
        ("", "", "2026-03-01 09:05:00+08:00", datetime(2026, 3, 1, 1, 5)),
        ("", "", "2026-03-01T09:05:00+0800", datetime(2026, 3, 1, 1, 5)),
        ("", "timezone: Asia/Shanghai", "2026-03-01 09:05:00", datetime(2026, 3, 1, 1, 5)),
        ("", "timezone: Asia/Shanghai", "2026-03-01T09:05:00Z", datetime(2026, 3, 1, 9, 5)),
        ("", "timezone: America/New_York", "2026-01-15 12:00", datetime(2026, 1, 15, 17)),
        ("", "timezone: America/New_York", "2026-07-15 12:00", datetime(2026, 7, 15, 16)),
        ("date_formats: ['%m/%d/%Y %I:%M %p', iso]", "", "3/1/2026 2:30 PM", datetime(2026, 3, 1, 14, 30)),
        ("date_formats: ['%m/%d/%Y %I:%M %p', iso]", "", "2026-03-01 14:30", datetime(2026, 3, 1, 14, 30)),
        ("date_formats: '%d.%m.%Y'", "", "01.03.2026", datetime(2026, 3, 1)),
        (
            "date_formats: '%Y年%m月%d日'",
            "timezone: Asia/Shanghai",
            "2026年3月1日",
            datetime(2026, 2, 28, 16),
        ),
        ("date_formats: unix_seconds", "", "1772355900", datetime(2026, 3, 1, 9, 5)),
        ("date_formats: unix_millis", "", "1772355900250", datetime(2026, 3, 1, 9, 5, 0, 250000)),
        ("date_formats: excel_serial", "", "46082.378472", datetime(2026, 3, 1, 9, 5)),
        ("date_formats: '%Y-%m-%dT%H:%M:%S%z'", "", "2026-03-01T09:05:00+0100", datetime(2026, 3, 1, 8, 5)),
    ],
)
def test_dates_become_utc(house, formats, zone, raw, utc):
    load(house, f"{formats}\n{zone}\n", "lead_id,created_at", f"1,{raw}")
    assert house.rows("created_at, unparsed_values") == [(utc, None)]


@pytest.mark.parametrize(
    "raw", ["13/45/2026", "infinity", "epoch", "0000-00-00", "2026-03-01 09:05 PM", "9999-12-31", "n/a"]
)
def test_a_date_that_is_none_is_kept_as_delivered(house, raw):
    assert load(house, "", "lead_id,created_at", f"1,{raw}").stored == 1
    assert house.rows("created_at, unparsed_values") == [
        (None, json.dumps({"created_at": raw}, separators=(",", ":")))
    ]


def test_american_and_european_dates_are_never_guessed(house):
    load(house, "", "lead_id,created_at", "1,03/04/2026")
    assert house.rows("created_at") == [(None,)]


@pytest.mark.parametrize(
    ("connection", "raw", "headcount"),
    [
        ("", "12", 12),
        ("", " 12 ", 12),
        ("", "12.0", 12),
        ("", "12.7", None),
        ("", "1,234", None),
        ("", "12 people", None),
        ("", "99999999999999999999", None),
        ("thousands_separator: ','", "1,234,567", 1234567),
        ("thousands_separator: ','", "1,5", None),
        ("thousands_separator: '.'\ndecimal_separator: ','", "1.234,0", 1234),
        ("strip: [人, 约]", "约 500 人", 500),
    ],
)
def test_whole_numbers(house, connection, raw, headcount):
    load(house, connection + "\n", "lead_id,headcount", f'1,"{raw}"')
    ((value, unparsed),) = house.rows("headcount, unparsed_values")
    assert value == headcount
    assert (unparsed is None) == (headcount is not None)


@pytest.mark.parametrize(
    ("connection", "raw", "budget"),
    [
        ("", "80.5", "80.50"),
        ("strip: ['¥', 万]", "¥80.5万", "80.50"),
        ("thousands_separator: ','\nstrip: ['$']", "$1,250,000.99", "1250000.99"),
        ("decimal_separator: ','", "80,5", "80.50"),
        ("decimal_separator: ','", "80.5", None),
        ("columns: {budget_wan: {from: budget_wan, divide_by: 10000}}", "805000", "80.50"),
        ("", "nan", None),
        ("", "1e400", None),
        ("", "12345678901234567890", None),
    ],
)
def test_amounts(house, connection, raw, budget):
    load(house, connection + "\n", "lead_id,budget_wan", f'1,"{raw}"')
    assert house.rows("budget_wan") == [(Decimal(budget) if budget else None,)]


@pytest.mark.parametrize(
    ("raw", "value"),
    [("是", True), ("Yes", True), ("1", True), ("否", False), ("FALSE", False), ("maybe", None)],
)
def test_yes_and_no(house, raw, value):
    load(house, "", "lead_id,do_not_call", f"1,{raw}")
    assert house.rows("do_not_call") == [(value,)]


def test_the_words_for_yes_and_no_can_be_given(house):
    load(
        house,
        "true_words: [opted out]\nfalse_words: [no]\n",
        "lead_id,do_not_call",
        "1,Opted Out",
        "2,no",
        "3,yes",
    )
    assert house.rows("do_not_call") == [(True,), (False,), (None,)]


def test_null_words_are_unknown_in_every_column(house):
    load(
        house,
        "null_words: [Select, '-', N/A]\n",
        "lead_id,city,note2,headcount",
        "1,select, - ,n/a",
        "2,Selecta,x,-",
    )
    assert house.rows("city, custom_attributes, headcount, unparsed_values") == [
        (None, None, None, None),
        ("Selecta", '{"note2":"x"}', None, None),
    ]


def test_without_null_words_a_dash_is_a_value(house):
    load(house, "", "lead_id,city", "1,-")
    assert house.rows("city") == [("-",)]


def test_constants_fill_columns_that_the_export_lacks(house):
    load(house, "constants: {source_channel: 展会, do_not_call: 否, headcount: 7}\n", "lead_id", "1")
    assert house.rows("source_channel, do_not_call, headcount") == [("展会", False, 7)]


def test_values_are_translated_and_the_rest_stays(house):
    load(
        house,
        "columns: {crm_status: {from: Status, values: {未处理: new, no: rejected}}}\n",
        "lead_id,Status",
        "1,未处理",
        "2,No",
        "3,其他",
    )
    assert house.rows("crm_status") == [("new",), ("rejected",), ("其他",)]


def test_columns_are_joined_without_gaps(house):
    load(
        house,
        "columns: {person_name: {join: [First, Last], separator: ' '}}\n",
        "lead_id,First,Last",
        "1,Ada,Lovelace",
        "2,,Li",
        "3,,",
    )
    assert house.rows("person_name, custom_attributes") == [
        ("Ada Lovelace", None),
        ("Li", None),
        (None, None),
    ]


def test_the_first_column_with_a_value_counts(house):
    load(
        house, "columns: {phone: {from: [Direct, Office]}}\n", "lead_id,Direct,Office", "1,,021", "2,138,021"
    )
    assert house.rows("phone") == [("021",), ("138",)]


def test_a_part_of_a_value_is_extracted_and_the_rest_is_kept(house):
    load(
        house,
        "columns: {owner_ref: {from: Owner, extract: '[(]([0-9]+)[)]'}}\n",
        "lead_id,Owner",
        "1,王芳(1024)",
        "2,王芳",
    )
    assert house.rows("owner_ref, unparsed_values") == [("1024", None), (None, '{"owner_ref":"王芳"}')]


def test_columns_without_a_home_are_kept_as_custom_attributes(house):
    load(house, "", "lead_id,Zodiac,Älter als,空", '1,"Leo ""A""",ja,')
    ((text,),) = house.rows("custom_attributes")
    assert json.loads(text) == {"Zodiac": 'Leo "A"', "Älter als": "ja"}


def test_custom_attributes_can_be_limited(house):
    load(house, "custom: [Zodiac]\n", "lead_id,Zodiac,Religion", "1,Leo,x")
    assert house.rows("custom_attributes") == [('{"Zodiac":"Leo"}',)]
    house.connect("system: b\nfeed: crm_leads\npath: leads.csv\ncustom: none\n", "none")
    house.run()
    assert house.rows("custom_attributes", order="source_system") == [(None,), ('{"Zodiac":"Leo"}',)]


def test_a_key_is_joined_from_several_columns(house):
    load(house, "key: {join: [Shop, No], separator: '-'}\n", "Shop,No", "A,1", "B,1")
    assert house.rows("lead_id, record_key") == [("A-1", "crm:A-1"), ("B-1", "crm:B-1")]


def test_a_source_without_ids_has_its_content_as_key(house):
    receipt = load(house, "key: row_hash\n", "person_name,email", "Ann,a@x.com", "Bob,b@x.com", "Ann,a@x.com")
    assert (receipt.stored, receipt.duplicate) == (2, 1)
    ((key,),) = house.query(f"select count(distinct record_key) from {house.table('raw/crm_leads')}")
    assert key == 2


def test_ids_belong_to_their_system_and_references_to_theirs(house):
    load(house, "refs_system: erp\n", "lead_id", " 7 ")
    assert house.rows("record_key, source_system, ref_system") == [("crm:7", "crm", "erp")]


def test_the_hash_does_not_change_when_an_empty_column_is_added(house):
    house.connect("system: crm\nfeed: crm_leads\npath: leads_*.csv\n")
    house.deliver("leads_1.csv", "lead_id,city\n1,上海\n")
    house.deliver("leads_2.csv", "city,New,lead_id,headcount\n上海,,1,\n")
    house.run()
    assert [(one.stored, one.unchanged) for one in house.last.receipts] == [(1, 0), (0, 1)]


def test_a_value_that_does_not_parse_still_counts_as_a_change(house):
    house.connect("system: crm\nfeed: crm_leads\npath: leads_*.csv\n")
    house.deliver("leads_1.csv", "lead_id,headcount\n1,many\n")
    house.deliver("leads_2.csv", "lead_id,headcount\n1,few\n")
    assert [one.stored for one in house.run().receipts] == [1, 1]
