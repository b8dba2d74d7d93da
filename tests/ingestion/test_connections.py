"""A connection file is checked before anything runs: every mistake names file and line and says what to do."""

from __future__ import annotations

import pytest

from orchestration.ingestion.run import check_connections

GOOD = """
    system: crm
    feed: crm_leads
    path: leads.csv
    columns:
      lead_id: Id
"""


def problem(house, text: str, name: str = "crm"):
    file = house.connect(text, name)
    problems = check_connections(house.connections, house.home)
    assert len(problems) == 1, [str(one) for one in problems]
    assert problems[0].file == file
    return problems[0]


def test_a_right_connection_has_no_problems(house):
    house.connect(GOOD)
    assert check_connections(house.connections, house.home) == []


@pytest.mark.parametrize(
    ("line", "number", "message", "remedy"),
    [
        ("delimeter: ';'", 2, "Unknown key 'delimeter'", "Did you mean 'delimiter'?"),
        ("header_rows: two", 2, "'header_rows' (it is 'two')", "table of keys"),
        ("max_missing_pct: 120", 2, "less than or equal to 100", "table of keys"),
        ("delivery: snapshots", 2, "'snapshots' is not possible for 'delivery'", "Did you mean 'snapshot'?"),
        ("delivery: events", 2, "Records of crm_leads have versions", "snapshot"),
        ("encoding: gbk2312", 2, "'gbk2312' is not possible", "gb18030"),
        ("known_at: {timezone: Shanghai}", 2, "Unknown time zone 'Shanghai'", "Asia/Shanghai"),
        ("timezone: Shanghai", 2, "Unknown time zone 'Shanghai'", "Asia/Shanghai"),
        ("date_formats: ['DD.MM.YYYY']", 2, "'DD.MM.YYYY' is not a date format", "%Y-%m-%d"),
        ("trailer: ['Grand (Total']", 2, "not a regular expression", "Correct"),
        ("constants: {lead_source: x}", 2, "no column 'lead_source'", "Columns of crm_leads: account_ref"),
        ("known_at: {file_name: '([0-9]+)'}", 2, "'format'", "table of keys"),
        ("known_at: {file_name: '[0-9]+', format: '%Y'}", 2, "exactly 1 group", "Correct"),
        ("key: {join: [a, b], seperator: x}", 2, "Unknown key 'seperator'", "Did you mean 'separator'?"),
        ("delimiter: ab", 2, "one ASCII character", "table of keys"),
        ("owner:", 2, "The key 'owner' has no value", "remove the line"),
        ("feed: crm_leads", 3, "'feed' is there twice", "Keep one"),
    ],
)
def test_a_mistake_names_file_line_and_remedy(house, line, number, message, remedy):
    found = problem(house, GOOD.replace("\n    feed:", f"\n    {line}\n    feed:"))
    assert found.line == number
    assert message in found.message
    assert remedy in found.remedy
    assert str(found).startswith(f"{found.file}:{number}: ")


def test_an_unknown_feed_is_named_with_the_nearest(house):
    found = problem(house, GOOD.replace("crm_leads", "crm_lead"))
    assert (found.line, found.message) == (2, "Unknown feed 'crm_lead'.")
    assert "'crm_leads'" in found.remedy


def test_an_unknown_contract_column_is_named_with_its_line(house):
    found = problem(house, GOOD + "      e_mail: Email\n")
    assert found.line == 6
    assert "'e_mail'" in found.message
    assert "Did you mean 'email'?" in found.remedy


def test_an_unknown_key_within_a_column_is_found(house):
    found = problem(house, GOOD + "      email: {from: Email, value: {a: b}}\n")
    assert (found.line, found.message) == (6, "Unknown key 'value'.")
    assert "'values'" in found.remedy


def test_a_missing_key_is_named(house):
    found = problem(house, GOOD.replace("    system: crm\n", ""))
    assert "'system' is missing" in found.message


def test_broken_yaml_names_the_line(house):
    found = problem(house, GOOD + "      email: [Email\n")
    assert found.line is not None
    assert "Not valid YAML" in found.message


def test_several_mistakes_are_told_at_once(house):
    house.connect(
        GOOD.replace("columns:", "timezone: Mars/Olympus\n    columns:").replace("lead_id", "leadid")
    )
    lines = [one.line for one in check_connections(house.connections, house.home)]
    assert lines == [4, 6]


def test_a_variable_in_the_path_must_be_set(house, monkeypatch):
    monkeypatch.delenv("EXPORT_FOLDER", raising=False)
    found = problem(house, GOOD.replace("leads.csv", "${EXPORT_FOLDER}/leads.csv"))
    assert "EXPORT_FOLDER is not set" in found.message


def test_a_folder_is_no_path(house):
    (house.paths.landing / "crm").mkdir(parents=True)
    found = problem(house, GOOD.replace("leads.csv", "crm") + "    reader: csv\n")
    assert "crm/*.csv" in found.message


def test_a_path_that_does_not_tell_the_reader_asks_for_it(house):
    found = problem(house, GOOD.replace("leads.csv", "leads.dat"))
    assert "reader: csv" in found.remedy


def test_two_connections_cannot_have_one_name(house):
    house.connect(GOOD + "    name: leads\n", "one")
    found = problem(house, GOOD + "    name: leads\n", "two")
    assert "taken by" in found.message


def test_a_wrong_connection_does_not_stop_the_others(house):
    house.connect(GOOD, "good")
    house.connect(GOOD.replace("feed:", "fead:"), "wrong")
    house.deliver("leads.csv", "Id\n1\n")
    result = house.run()
    assert [receipt.connection for receipt in result.loaded] == ["good"]
    assert len(result.problems) == 2
    assert not result.ok


def test_a_missing_folder_of_connections_is_a_problem_and_no_crash(house):
    house.connections.rmdir()
    assert "does not exist" in house.run().problems[0].message


def test_paths_start_from_landing_from_the_connection_from_a_variable_or_from_the_root(
    house, monkeypatch, tmp_path
):
    monkeypatch.setenv("EXPORT_FOLDER", str(tmp_path / "export"))
    places = {
        "landing": (house.paths.landing / "a", "a/*.csv"),
        "beside": (house.connections / "b", "./b/*.csv"),
        "variable": (tmp_path / "export", "${EXPORT_FOLDER}/*.csv"),
        "absolute": (tmp_path / "d", f"{tmp_path}/d/*.csv"),
    }
    for name, (folder, path) in places.items():
        folder.mkdir(parents=True)
        (folder / f"{name}.csv").write_text(f"Id\n{name}\n")
        house.connect(GOOD.replace("leads.csv", path), name)
    house.run()
    assert {row[0] for row in house.rows("lead_id")} == set(places)


def test_files_in_folders_that_a_wildcard_matches_keep_their_folder_in_the_name(house):
    house.connect(GOOD.replace("leads.csv", "crm/*/leads.csv"))
    for day in ("2026-01-01", "2026-01-02"):
        house.deliver(f"crm/{day}/leads.csv", f"Id\n{day}\n")
    house.run()
    house.run()
    assert house.statuses() == {"2026-01-01/leads.csv": "repeated", "2026-01-02/leads.csv": "repeated"}


def test_a_connection_without_files_is_told(house):
    house.connect(GOOD)
    assert house.run().without_files == ["crm"]


def test_a_delivery_that_is_late_is_told(house):
    house.connect(GOOD + "    expected_every: day\n")
    house.deliver("leads.csv", "Id\n1\n")
    assert house.run().overdue == []
    assert house.run(now=house.now.replace(day=5)).overdue == ["crm"]
    assert house.receipts("expected_every_hours")[0] == (24,)
