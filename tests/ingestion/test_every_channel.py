"""R01: every channel has a feed that takes files. R02: one field standard and one intake standard for all."""

from __future__ import annotations

import json

import pytest

from orchestration.ingestion.contracts import Feed, load_contracts

FEEDS = load_contracts().feeds
SAMPLES = {
    "timestamp": "2026-03-01 09:14",
    "bigint": "12",
    "decimal(18,2)": "1.50",
    "boolean": "是",
    "varchar": "文字",
}


def canonical(feed: Feed) -> str:
    values = [SAMPLES[column.data_type] if column.name != feed.key else "k1" for column in feed.columns]
    return ",".join(feed.column_names) + "\n" + ",".join(values) + "\n"


@pytest.mark.parametrize("name", FEEDS)
def test_r01_every_channel_is_taken_in(house, name):
    house.connect(f"system: any\nfeed: {name}\npath: '*.csv'\n")
    feed = FEEDS[name]
    house.deliver("full.csv", canonical(feed))
    empty_key = ",".join(feed.column_names) + "\n" + "," * (len(feed.columns) - 1) + "\n"
    house.deliver("no_key.csv", empty_key + ",".join("x" for _ in feed.columns) + "\n")
    full, partly = house.run().receipts
    assert (full.status, full.stored) == ("loaded", 1), full.message
    assert partly.rejected >= 1, partly.message
    names = [row[0] for row in house.query(f"describe select * from {house.table('raw/' + name)}")]
    assert names == [column.name for column in load_contracts().raw_columns(name)]
    ((types,),) = house.query(
        f"select list(distinct column_type) from (describe select * from {house.table('raw/' + name)})"
    )
    assert {kind.lower() for kind in types} <= set(SAMPLES) | {"boolean"}


def test_r01_the_channels_of_the_requirement_have_a_feed():
    assert set(FEEDS) == {
        "crm_leads", "crm_accounts", "crm_contacts", "crm_opportunities", "crm_reps", "campaigns",
        "form_submissions", "web_events", "wechat_events", "wecom_events", "event_participations",
        "content_downloads", "content_items", "message_events", "chat_messages", "surveys", "share_links",
        "sales_activities", "sales_feedback", "customer_events", "company_registry", "consents",
        "lead_operations",
    }  # fmt: skip


def test_r02_two_systems_with_their_own_words_end_in_the_same_columns(house):
    house.connect(
        """
        system: wukong
        feed: crm_leads
        path: wukong.csv
        encoding: gb18030
        timezone: Asia/Shanghai
        columns: {lead_id: 编号, person_name: 姓名, mobile: 手机, do_not_call: 勿打, created_at: 创建时间}
        """,
        "wukong",
    )
    house.connect(
        """
        system: hubspot
        feed: crm_leads
        path: hubspot.csv
        date_formats: '%m/%d/%Y %I:%M %p'
        columns:
          lead_id: Record ID
          person_name: {join: [First Name, Last Name]}
          mobile: Phone
          do_not_call: DNC
          created_at: Create Date
        """,
        "hubspot",
    )
    house.deliver(
        "wukong.csv", "编号,姓名,手机,勿打,创建时间,等级\n7,Li Lei,138,是,2026-03-01 17:00,A\n", "gb18030"
    )
    house.deliver(
        "hubspot.csv",
        "Record ID,First Name,Last Name,Phone,DNC,Create Date,Score\n7,Li,Lei,138,Yes,3/1/2026 9:00 AM,12\n",
    )
    house.run()
    standard = "person_name, mobile, do_not_call, created_at"
    (hubspot, wukong) = house.rows(standard, order="source_system")
    assert hubspot == wukong
    keys = house.rows("record_key, custom_attributes", order="source_system")
    assert [(key, json.loads(custom)) for key, custom in keys] == [
        ("hubspot:7", {"Score": "12"}),
        ("wukong:7", {"等级": "A"}),
    ]


def test_r02_every_feed_is_readable_before_anything_was_delivered(house):
    for folder in [*(f"raw/{name}" for name in FEEDS), "receipts", "rejects"]:
        assert house.query(f"select count(*) from {house.table(folder)}") == [(0,)]


def test_the_contract_uses_no_name_that_the_mapping_uses_itself():
    inner = {
        "delivery_row", "line_number", "raw_text", "custom_attributes", "unparsed_values", "record_key",
        "row_hash", "key_id", "version_id", "asserted_at", "asserted_text", "reject", "reject_column",
        "rejected_because", "fate",
    }  # fmt: skip
    assert not {column.name for feed in FEEDS.values() for column in feed.columns} & inner
