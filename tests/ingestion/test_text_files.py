"""CSV as people really export it: encodings, separators, quotes, line ends, titles, totals."""

from __future__ import annotations

import pytest

PLAIN = """
    system: crm
    feed: crm_leads
    path: leads.csv
    columns:
      lead_id: 编号
      person_name: 姓名
"""
CHINESE = "编号,姓名,备注\n1,张三,展会认识\n2,李四,\n"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("auto", "utf-8"),
        ("auto", "utf-8-sig"),
        ("auto", "gb18030"),
        ("auto", "utf-16"),
        ("utf-8", "utf-8-sig"),
        ("utf-8-bom", "utf-8-sig"),
        ("gbk", "gbk"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_a_chinese_export_is_read_in_its_encoding(house, declared, encoding):
    house.connect(PLAIN + f"    encoding: {declared}\n")
    house.deliver("leads.csv", CHINESE, encoding)
    assert house.one().status == "loaded"
    assert house.rows("lead_id, person_name, custom_attributes") == [
        ("1", "张三", '{"备注":"展会认识"}'),
        ("2", "李四", None),
    ]


def test_the_receipt_says_which_encoding_was_found(house):
    house.connect(PLAIN)
    house.deliver("leads.csv", CHINESE, "gb18030")
    assert "Read as gb18030" in house.one().message


@pytest.mark.parametrize("encoding", ["latin-1", "windows-1252"])
def test_a_western_export_is_read_when_its_encoding_is_declared(house, encoding):
    house.connect(PLAIN.replace("编号", "Id").replace("姓名", "Name") + f"    encoding: {encoding}\n")
    house.deliver("leads.csv", "Id,Name\n1,José Müller\n", encoding)
    house.run()
    assert house.rows("person_name") == [("José Müller",)]


def test_a_western_export_is_not_taken_for_chinese(house):
    house.connect(PLAIN.replace("编号", "Id").replace("姓名", "Name"))
    house.deliver("leads.csv", "Id,Name\n1,José\n2,Müller\n3,Françoise\n", "latin-1")
    receipt = house.one()
    assert receipt.status == "failed"
    assert "line 2" in receipt.message
    assert "encoding: latin-1" in receipt.message


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_separators_are_declared(house, delimiter):
    named = {"\t": "tab"}.get(delimiter, f"'{delimiter}'")
    house.connect(PLAIN + f"    delimiter: {named}\n")
    house.deliver("leads.csv", CHINESE.replace(",", delimiter))
    assert house.one().stored == 2


def test_a_wrong_separator_is_recognised_in_the_message(house):
    house.connect(PLAIN)
    house.deliver("leads.csv", CHINESE.replace(",", ";"))
    assert "add `delimiter: semicolon`" in house.one().message


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_read(house, end):
    house.connect(PLAIN)
    house.deliver("leads.csv", CHINESE.replace("\n", end))
    house.run()
    assert house.rows("lead_id, person_name") == [("1", "张三"), ("2", "李四")]


def test_mixed_line_ends_are_read(house):
    house.connect(PLAIN)
    house.deliver("leads.csv", "编号,姓名\r\n1,张三\n2,李四\r\n3,王五\n")
    house.run()
    assert house.rows("lead_id") == [("1",), ("2",), ("3",)]


def test_quotes_separators_and_line_breaks_within_a_value_stay_in_it(house):
    house.connect(PLAIN)
    house.deliver("leads.csv", '编号,姓名,备注\r\n1,"张, ""三""","第一行\n第二行"\r\n2,李四,\r\n')
    house.run()
    assert house.rows("person_name, custom_attributes") == [
        ('张, "三"', '{"备注":"第一行\\n第二行"}'),
        ("李四", None),
    ]


def test_inches_within_a_value_are_no_quotes(house):
    house.connect(PLAIN)
    house.deliver("leads.csv", '编号,姓名,备注\n1,张三,15" Monitor\n2,李四,x\n')
    house.run()
    assert house.rows("custom_attributes") == [('{"备注":"15\\" Monitor"}',), ('{"备注":"x"}',)]


def test_quotes_can_be_switched_off(house):
    house.connect(PLAIN + "    quote: none\n")
    house.deliver("leads.csv", '编号,姓名,备注\n1,"张三,"a\n2,李四,b\n')
    house.run()
    assert house.rows("person_name") == [('"张三',), ("李四",)]


def test_titles_above_the_header_are_skipped(house):
    house.connect(PLAIN + "    skip_rows: 2\n")
    house.deliver("leads.csv", f"线索导出\n2026-03-01\n{CHINESE}")
    assert house.one().records == 2


def test_two_header_rows_are_joined(house):
    house.connect(
        """
        system: crm
        feed: crm_leads
        path: leads.csv
        header_rows: 2
        columns: {lead_id: 编号, person_name: 联系人 / 姓名, mobile: 联系人 / 手机}
        """
    )
    house.deliver("leads.csv", "编号,联系人,\n,姓名,手机\n1,张三,138\n")
    house.run()
    assert house.rows("lead_id, person_name, mobile") == [("1", "张三", "138")]


def test_a_file_without_header_has_numbered_columns(house):
    house.connect(
        """
        system: crm
        feed: crm_leads
        path: leads.csv
        header_rows: 0
        columns: {lead_id: column_1, person_name: column_2}
        """
    )
    house.deliver("leads.csv", "1,张三\n2,李四\n")
    house.run()
    assert house.rows("delivery_row, lead_id, person_name") == [(1, "1", "张三"), (2, "2", "李四")]


def test_trailer_lines_are_no_records(house):
    house.connect(PLAIN + "    trailer: ['Grand Totals', 'Confidential Information']\n")
    house.deliver(
        "leads.csv",
        '编号,姓名\n1,Grand Totals Ltd\n2,李四\n\n"Grand Totals (2 records)"\n"Confidential Information - Do Not Distribute",\n',
    )
    receipt = house.one()
    assert (receipt.records, receipt.stored, receipt.rejected) == (2, 2, 0)
    assert "2 trailer lines" in receipt.message


def test_blank_lines_are_no_records(house):
    house.connect(PLAIN)
    house.deliver("leads.csv", "编号,姓名\n\n1,张三\n\n\n2,李四\n\n")
    receipt = house.one()
    assert (receipt.records, receipt.stored) == (2, 2)


def test_repeated_and_empty_headers_stay_apart(house):
    house.connect(PLAIN)
    house.deliver("leads.csv", "编号,姓名,备注,备注,\n1,张三,a,b,c\n")
    house.run()
    assert house.rows("custom_attributes") == [('{"column_5":"c","备注":"a","备注 (2)":"b"}',)]


def test_headers_are_compared_without_case_width_and_blanks(house):
    house.connect(PLAIN.replace("编号", "Lead ID").replace("姓名", "FULL NAME"))
    house.deliver("leads.csv", "\ufeff lead  id ,Ｆull Name\n1,张三\n")
    house.run()
    assert house.rows("lead_id, person_name") == [("1", "张三")]


def test_columns_with_the_name_of_the_contract_map_themselves(house):
    house.connect("system: crm\nfeed: crm_leads\npath: leads.csv\n")
    house.deliver("leads.csv", "lead_id,company_name,headcount\n1,ACME,12\n")
    house.run()
    assert house.rows("lead_id, company_name, headcount, custom_attributes") == [("1", "ACME", 12, None)]


def test_a_separator_at_the_end_of_each_line_does_no_harm(house):
    house.connect(PLAIN)
    house.deliver("leads.csv", "编号,姓名\n1,张三,\n2,李四,\n")
    assert house.one().stored == 2


def test_the_rows_keep_the_order_of_the_file(house):
    house.connect("system: crm\nfeed: crm_leads\npath: leads.csv\n")
    ids = [f"id{number * 7919 % 5000}" for number in range(5000)]
    house.deliver("leads.csv", "lead_id\n" + "\n".join(ids) + "\n")
    house.run()
    assert [row[0] for row in house.rows("lead_id", order="delivery_row")] == ids


def test_the_careful_reader_gives_the_same_rows_as_the_fast_one(house):
    """One broken line sends the whole file to the careful reader: nothing else may change."""
    good = "".join(f'{number},"姓,名 {number}",note\n' for number in range(1, 500))
    for name, lines in (("fast", good), ("careful", good + "500,short\n")):
        house.connect(
            PLAIN.replace("system: crm", f"system: {name}").replace("leads.csv", f"{name}.csv"), name
        )
        house.deliver(f"{name}.csv", "编号,姓名,备注\n" + lines)
    house.run()
    columns = "delivery_row, lead_id, person_name, custom_attributes, row_hash"
    table = house.table("raw/crm_leads")
    fast = house.query(f"select {columns} from {table} where source_system = 'fast' order by 1")
    careful = house.query(f"select {columns} from {table} where source_system = 'careful' order by 1")
    assert len(fast) == 499
    assert fast == careful
