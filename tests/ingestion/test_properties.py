"""Whatever stands in the cells: every record has one fate, text survives to the letter, nothing crashes."""

from __future__ import annotations

import csv
import io
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.ingestion.connection import load_connection
from orchestration.ingestion.contracts import load_contracts

COLUMNS = ["lead_id", "person_name", "headcount", "budget_wan", "created_at", "do_not_call", "Anything else"]
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
awkward = st.sampled_from(
    [
        "",
        " ",
        "0",
        "-1",
        "1e308",
        "nan",
        "2026-02-30",
        "2026-02-28 25:00",
        "是",
        "''",
        '"',
        ",",
        "\n",
        "\r",
        "\r\n",
        "\x00",
        "\ufeff",
        "=1+1",
        "null",
        "1,2",
    ]
)
cell = text | awkward
rows = st.lists(st.lists(cell, min_size=len(COLUMNS), max_size=len(COLUMNS)), max_size=6)
relaxed = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

CONNECTION = """
    system: any
    feed: crm_leads
    path: leads.csv
    delivery: changes
    known_at: now
    date_formats: [iso, '%d.%m.%Y', unix_seconds, unix_millis, excel_serial]
    thousands_separator: ','
    null_words: ['null']
    timezone: Asia/Shanghai
"""


def clean(house) -> None:
    for folder in (house.paths.raw / "crm_leads", house.paths.rejects, house.paths.receipts):
        for file in folder.glob("ingest_month=2*/*.parquet"):
            file.unlink()
    (house.paths.state / "crm.parquet").unlink(missing_ok=True)


@relaxed
@given(rows=rows)
def test_conservation_holds_for_arbitrary_cells(house, rows):
    house.connect(CONNECTION)
    clean(house)
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    house.deliver("leads.csv", buffer.getvalue().encode())
    receipt = house.one()
    assert "Unexpected" not in receipt.message
    assert "add up" not in receipt.message
    assert receipt.records == len(rows)
    stored = house.rows("person_name, custom_attributes, delivery_row", order="delivery_row")
    assert len(stored) == receipt.stored
    assert len(house.rejects()) == receipt.rejected
    for name, custom, number in stored:
        given_name, given_custom = rows[number - 1][1], rows[number - 1][6]
        assert name == (None if given_name.strip().lower() in ("", "null") and name is None else given_name)
        kept = json.loads(custom)["Anything else"] if custom else None
        assert kept in (given_custom, None)
        assert kept is not None or given_custom.strip().lower() in ("", "null")


@relaxed
@given(content=st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_arbitrary_bytes_never_crash_and_always_get_a_receipt(house, content):
    house.connect(CONNECTION)
    clean(house)
    house.deliver("leads.csv", b"lead_id,person_name\n" + content)
    receipt = house.one()
    assert receipt.status in ("loaded", "failed")
    assert "Unexpected" not in receipt.message
    assert len(house.rejects()) == receipt.rejected


@relaxed
@given(
    lines=st.lists(
        st.text(max_size=30)
        | st.dictionaries(text, text | st.integers() | st.none(), max_size=3).map(json.dumps),
        max_size=6,
    )
)
def test_arbitrary_lines_of_json_never_crash(house, lines):
    house.connect(CONNECTION.replace("leads.csv", "leads.jsonl"))
    clean(house)
    house.deliver("leads.jsonl", "\n".join(['{"lead_id": 1}', *lines]).encode())
    receipt = house.one()
    assert "Unexpected" not in receipt.message, receipt.message
    assert receipt.stored >= 1


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(content=st.text(max_size=80) | st.binary(max_size=40))
def test_an_arbitrary_connection_file_is_refused_with_words(house, content):
    from orchestration.ingestion.connection import ConnectionFileError

    file = house.connections / "crm.yml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    try:
        load_connection(file, load_contracts(), house.paths.landing)
    except ConnectionFileError as error:
        assert all(problem.message for problem in error.problems)
