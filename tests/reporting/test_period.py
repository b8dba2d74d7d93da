"""The weekly and monthly report: complete in both languages, its figures those of the marts, the same bytes each time."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from pages import Page
from period_serving import NEW, build_period_serving, contracts, name_unknown_groups
from test_report import CHINESE, LATIN_IN_CHINESE
from typer.testing import CliRunner

from orchestration.reporting.labels import Labels, sentence
from orchestration.reporting.pdf import NoBrowserError, find_browser, print_pdf
from orchestration.reporting.period import (
    NoSuchPeriodError,
    completed_since,
    period_of,
    render_period,
    write_period_report,
)
from orchestration.reporting.serving import open_serving

SECTIONS = [
    "headline", "bands", "channels", "industries", "matrix", "funnel", "contents", "costs", "handover", "load", "sla", "alerts", "rules",
    "completeness", "outcomes", "opportunities", "notes",
]
WEEK = date(2026, 6, 22), date(2026, 6, 28)
# Where to look further: files and tables, and the name of the rules of this report.
PLACES = re.compile(r"docs/outcomes\.md|serving/leadhouse\.duckdb|marts\.\w+|\bRPT\b")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_period_serving(tmp_path_factory.mktemp("period") / "leadhouse.duckdb")


@pytest.fixture(scope="module")
def marts(house: Path):
    with duckdb.connect(str(house), read_only=True) as con:
        yield con


@pytest.fixture(scope="module", params=[("week", "zh"), ("week", "en"), ("month", "zh"), ("month", "en")], ids="-".join)
def page(request: pytest.FixtureRequest, house: Path) -> tuple[str, str]:
    kind, lang = request.param
    return lang, render_period(house, lang, kind, split=date(2026, 6, 20))[1]


def table(html: str, section: str, number: int = 0) -> list[list[str]]:
    """The rows of a table of a section as text, charts and marks left out."""
    body = re.findall(rf'<section id="{section}".*?</section>', html, flags=re.S)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", re.findall(r"<tbody>(.*?)</tbody>", body, flags=re.S)[number], flags=re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", re.sub(r"<svg.*?</svg>", "", row, flags=re.S), flags=re.S) for row in rows]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_every_section_is_there_and_the_markup_closes(page: tuple[str, str]) -> None:
    read = Page(page[1])
    assert read.sections == SECTIONS
    assert read.unbalanced == [] and read.stack == []


def test_no_word_of_the_other_language_is_left(page: tuple[str, str]) -> None:
    lang, html = page
    words = [PLACES.sub("", word) for word in Page(html).words]
    if lang == "en":
        assert [word for word in words if CHINESE.search(word)] == []
    else:
        assert [word for word in words if re.search("[A-Za-z]{2,}", LATIN_IN_CHINESE.sub("", word))] == []


def test_the_page_needs_no_network_and_runs_nothing(page: tuple[str, str]) -> None:
    html, read = page[1], Page(page[1])
    assert "http" not in html and re.findall(r"url\((?!#)", html) == []
    assert not {"script", "link", "img", "iframe", "object", "b春季展会"} & {tag for tag, _ in read.tags}
    assert "<script>" not in html and "<b>春季展会" not in html
    assert "'=SUM(A1)" in read.names


def test_the_same_file_gives_the_same_bytes(house: Path, tmp_path: Path) -> None:
    """Also in another process: sets, dictionaries and the machine's clock must not show through."""
    script = (
        "import sys; from pathlib import Path; from orchestration.reporting.period import write_period_report as w; "
        "w(Path(sys.argv[1]), Path(sys.argv[2]), 'zh', 'week')"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "America/New_York"}
    subprocess.run([sys.executable, "-c", script, str(house), str(tmp_path / "other")], check=True, env=environment)
    pages = [write_period_report(house, tmp_path / str(number), "zh", "week") for number in range(2)]
    assert pages[0].name == "quality_week_2026-06-22.zh.html"
    assert pages[0].read_bytes() == pages[1].read_bytes() == (tmp_path / "other" / pages[0].name).read_bytes()
    assert [path.name for path in pages[0].parent.iterdir()] == [pages[0].name]


def test_tiles_are_the_totals_of_the_period(house: Path, marts: duckdb.DuckDBPyConnection) -> None:
    html = render_period(house, "en", "week")[1]
    values = re.findall(r'<p class="value">([^<]*)(?:<span class="change \w+">([^<]*)</span>)?', html)
    given = marts.execute(
        "select count(*) filter (where captured_on between $1 and $2), count(*) filter (where captured_on between $1 and $2 and is_valid), "
        "count(*) filter (where handed_over_on between $1 and $2), count(*) filter (where accepted_on between $1 and $2), "
        "count(*) filter (where opportunity_on between $1 and $2), count(*) filter (where won_on between $1 and $2) "
        "from marts.fct_lead_lifecycle where scope = 'b2b'"
    , list(WEEK)).fetchone()
    assert [value for value, _ in values[:6]] == [str(n) for n in given]
    assert values[6][0] == f"¥{(1_000_000 // given[1] + 50) // 100:,}"


def test_distribution_is_that_of_the_day_ends(house: Path, marts: duckdb.DuckDBPyConnection) -> None:
    html = render_period(house, "en", "week")[1]
    assert "At the day-end 2026-06-28, beside 2026-06-21, the newest one before the period." in html
    leads = {
        (day, band): n
        for day, band, n in marts.execute(
            "select as_of_date, band, sum(leads) from marts.rpt_quality_daily where scope = 'b2b' and as_of_date in ('2026-06-28', '2026-06-21') group by all"
        ).fetchall()
    }
    for label, n, _, change, _ in table(html, "bands"):
        band = label.split()[1]
        now, before = (leads.get((date(2026, 6, day), band), 0) for day in (28, 21))
        assert (n, change) == (str(now), f"{now - before:+}".replace("-", "−") if now != before else "±0")
    for section, column in (("channels", "source_channel"), ("industries", "industry")):
        expected = marts.execute(
            f"select sum(leads), sum(score_milli_sum) from marts.rpt_quality_daily where scope = 'b2b' and as_of_date = '2026-06-28' "
            f"group by {column} order by 1 desc, {column}"
        ).fetchall()
        found = [(row[2], row[4]) for row in table(html, section)]
        assert found == [(str(n), f"{_half_up(Fraction(int(points), int(n) * 100)) / 10:.1f}") for n, points in expected]


def test_the_funnel_is_that_of_the_leads_captured(house: Path, marts: duckdb.DuckDBPyConnection) -> None:
    flags = ("true", "is_valid", "is_mql", "is_sal", "is_sql", "is_opportunity", "is_won")
    for first, before, kind in ((date(2026, 6, 22), date(2026, 6, 15), "week"), (date(2026, 6, 1), date(2026, 5, 1), "month")):
        expected = [
            [
                str(marts.execute(
                    f"select count(*) from marts.fct_lead_lifecycle where scope = 'b2b' and {flag} and date_trunc('{kind}', captured_on) = $1", [day]
                ).fetchone()[0])
                for day in (first, before)
            ]
            for flag in flags
        ]
        assert [[row[2], row[5]] for row in table(render_period(house, "en", kind)[1], "funnel")] == expected


def test_the_hand_over_closes(house: Path, marts: duckdb.DuckDBPyConnection) -> None:
    """Handed over = accepted + returned + waiting, for each person, and the returned ones are listed with their reasons."""
    html = render_period(house, "en", "week")[1]
    rows = table(html, "handover")
    expected = marts.execute(
        "select r.rep_name, count(*), count(worked_on), count(*) filter (where handover_state = 'accepted'), count(*) filter (where handover_state = 'returned') "
        "from marts.fct_lead_lifecycle as f join marts.fct_lead_steps as s on f.lead_id = s.lead_id and s.step = 'handed_over' "
        "join marts.dim_reps as r on s.rep_ref = r.rep_id where f.scope = 'b2b' and handed_over_on between $1 and $2 group by all order by 2 desc, 1",
        list(WEEK),
    ).fetchall()
    assert sorted([row[0], *row[3:7]] for row in rows) == sorted([name, *map(str, counts)] for name, *counts in expected)
    waiting = marts.execute("select count(*) from marts.fct_lead_lifecycle where scope = 'b2b' and handover_state = 'waiting' and handed_over_on between $1 and $2", list(WEEK)).fetchone()[0]
    assert sum(int(row[3]) - int(row[5]) - int(row[6]) for row in rows) == waiting > 0
    reasons = marts.execute("select coalesce(return_reason, 'none'), count(*) from marts.fct_lead_lifecycle where scope = 'b2b' and returned_on between $1 and $2 group by all", list(WEEK)).fetchall()
    named = {"no_budget": "No budget", "none": "no reason given"}
    assert {(row[0], row[2]) for row in table(html, "handover", 1)} == {(named[reason], str(n)) for reason, n in reasons}
    assert len(table(html, "handover", 2)) == sum(n for _, n in reasons)
    assert "ENG-006" in html and "From" in html and "2026-06-24" in html


def test_the_yardstick_of_each_rep_stands_beside_all(house: Path) -> None:
    """R17. 王敏: 3 of 12 returned, 7 of 10 right. 李强: 4 of 4, 0 of 2, too few for a word. Together 7 of 16 and 7 of 12."""
    html = render_period(house, "en", "week")[1]
    assert table(html, "handover", 3) == [
        ["王敏", "12", "25.0%", "10", "70.0%", "2", "1", "Holds"],
        ["李强", "4", "100.0%", "2", "0.0%", "0", "2", "Too few"],
    ]
    assert "43.8% returned, 58.3% right" in html
    assert "样本不足" in render_period(house, "zh", "week")[1]


def test_each_figure_of_what_changed_can_be_counted_again(house: Path, marts: duckdb.DuckDBPyConnection) -> None:
    """The paragraph is rebuilt from the marts with fractions; the page must have exactly these sentences."""
    html = render_period(house, "en", "week")[1]
    said = re.findall(r'<p class="summary" id="changed">(.*?)</p>', html, flags=re.S)[0]
    sides = {}
    for day in (28, 21):
        rows = marts.execute(
            "select source_channel, sum(leads)::bigint, sum(score_milli_sum)::bigint from marts.rpt_quality_daily where scope = 'b2b' and as_of_date = $1 group by 1",
            [date(2026, 6, day)],
        ).fetchall()
        sides[day] = {channel: (leads, points) for channel, leads, points in rows}
    n1, n0 = (sum(leads for leads, _ in sides[day].values()) for day in (28, 21))
    mean1, mean0 = (_half_up(Fraction(sum(p for _, p in sides[day].values()), n)) for day, n in ((28, n1), (21, n0)))
    mix, within = Fraction(0), {}
    for channel in sides[28].keys() | sides[21].keys():
        (l1, p1), (l0, p0) = (sides[day].get(channel, (0, 0)) for day in (28, 21))
        if l1 and l0:
            mix += (Fraction(l1, n1) - Fraction(l0, n0)) * Fraction(p0, l0)
            within[channel] = Fraction(l1, n1) * (Fraction(p1, l1) - Fraction(p0, l0))
        else:
            mix += Fraction(p1, n1) - Fraction(p0, n0)
    assert "wechat" in sides[28] and "wechat" not in sides[21], "the planted new channel is all mix"
    most = max(within, key=lambda channel: (abs(within[channel]), channel))
    with open_serving(house) as serving:
        labels = Labels("en", serving, serving.day_end())
    change, mixed = mean1 - mean0, _half_up(mix)
    expected = [
        sentence("en", "changed.stock", date="2026-06-28", before="2026-06-21", leads=str(n1), change=labels.signed(n1 - n0),
                 mean=labels.points(mean1, 2), mean_change=labels.points(change, 2, sign=True)),
        sentence("en", "changed.mix", mix=labels.points(mixed, 2, sign=True), within=labels.points(change - mixed, 2, sign=True),
                 channel=labels.source_channel(most), most=labels.points(_half_up(within[most]), 2, sign=True)),
    ]
    ledger = marts.execute(
        "select as_of_date, before_milli, before_band, after_band, before_score, after_score, new_milli, behaviour_milli, inactivity_milli, decay_milli "
        "from marts.fct_score_changes where as_of_date between $1 and $2", list(WEEK)
    ).fetchall()
    causes = {cause: sum(row[6 + place] for row in ledger) for place, cause in enumerate(("new", "behaviour", "inactivity", "decay"))}
    first = min(row[0] for row in ledger)
    points = {
        day: marts.execute("select sum(score_milli_sum)::bigint from marts.rpt_quality_daily where scope = 'b2b' and as_of_date = $1", [day]).fetchone()[0]
        for day in (date(2026, 6, 28), first - timedelta(days=1))
    }
    named = sorted(((labels.term(cause, "score_cause"), milli) for cause, milli in causes.items() if cause != "new" and milli), key=lambda pair: -abs(pair[1]))
    moved = [row[5] - row[4] for row in ledger if row[2] != row[3] and row[4] is not None]
    expected += [
        sentence("en", "changed.ledger", n=str(len({row[0] for row in ledger})), first=str(first), last="2026-06-28",
                 new=str(sum(row[1] is None for row in ledger)), points=labels.points(causes["new"], 1, sign=True),
                 parts=labels.join([f"{name} {labels.points(milli, 1, sign=True)}" for name, milli in named])),
        sentence("en", "changed.rest", points=labels.points(points[date(2026, 6, 28)] - points[first - timedelta(days=1)] - sum(causes.values()), 1, sign=True)),
        sentence("en", "changed.bands", up=str(sum(change > 0 for change in moved)), down=str(sum(change < 0 for change in moved))),
    ]
    given, before = (
        marts.execute("select handed_over, handed_over_accepted, handed_over_returned, deals_won, returned, spent_fen, cost_per_valid_fen from marts.rpt_outcomes "
                      "where scope = 'b2b' and period_kind = 'week' and breakdown = 'all' and period_from = $1", [day]).fetchone()
        for day in (WEEK[0], WEEK[0] - timedelta(days=7))
    )
    money = [f"¥{(fen + 50) // 100:,}" for fen in (given[5], given[6], before[6])]
    expected += [
        sentence("en", "changed.hand_over", n=str(given[0]), before=str(before[0]), accepted=str(given[1]), judged=str(given[1] + given[2]),
                 won=str(given[3]), won_before=str(before[3])),
        sentence("en", "changed.cost", spent=money[0], valid=money[1], before=money[2]),
        sentence("en", "changed.reason", reason="No budget", n=next(row[2] for row in table(html, "handover", 1) if row[0] == "No budget"), returned=str(given[4])),
    ]
    rest = said
    for counted in expected:
        assert counted in said, (counted, said)
        rest = rest.replace(counted, "")
    assert rest.strip() == "", "nothing is said that was not counted again"


def test_without_a_ledger_no_cause_is_told(house: Path, tmp_path: Path) -> None:
    path = tmp_path / "no_ledger.duckdb"
    path.write_bytes(house.read_bytes())
    with duckdb.connect(str(path)) as con:
        con.execute("delete from marts.fct_score_changes")
    html = render_period(path, "en", "week")[1]
    assert "The ledger of scores has no day of the period" in html and "what moved the others was" not in html


def test_each_opportunity_has_the_rows_that_its_query_lists(house: Path, marts: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """With every rule of the report made to speak from one lead on."""
    path = tmp_path / "talkative.duckdb"
    path.write_bytes(house.read_bytes())
    with duckdb.connect(str(path)) as con:
        con.execute("update marts.dim_rules set payload = regexp_replace(payload, '\"min_leads\": \"[0-9]+\"', '\"min_leads\": \"1\"') where rule_id like 'RPT%'")
        con.execute("update marts.dim_rules set payload = replace(payload, '\"200\"', '\"50\"') where rule_id = 'RPT-005'")
    html = render_period(path, "en", "month")[1]
    found = re.findall(r'<div class="finding">(.*?)</div>', html, flags=re.S)
    rules = set()
    for finding in found:
        query = _plain(re.findall(r"<code[^>]*>(.*?)</code>", finding, flags=re.S)[0])
        ids = [str(row[0]) for row in marts.execute(query).fetchall()]
        shown = re.findall(r'<span translate="no">(.*?)</span>', re.findall(r'<p class="ids">(.*?)</p>', finding, flags=re.S)[0])[0].split(" · ")
        more = re.findall(r"and (\d+) more", finding)
        assert shown == ids[:4] and len(ids) == len(shown) + int(more[0] if more else 0)
        rules.add(re.findall(r"RPT-[0-9]{3}", finding)[0])
    assert rules == {f"RPT-{number:03d}" for number in range(2, 11)}
    never = marts.execute("select count(*) from marts.rpt_rule_coverage where finding = 'never_fired'").fetchone()[0]
    assert f"{never} rules in force have never fired." in html


def test_a_small_sample_gets_no_verdict(house: Path) -> None:
    html = render_period(house, "en", "week", split=date(2026, 6, 20))[1]
    rates = [row for row in table(html, "outcomes") if "/" in row[1]]
    assert rates and all(row[3] == "no verdict, fewer than 30" for row in rates)
    assert "Before and after 2026-06-20" in html and "2026-06-20 to 2026-06-30" in html and "2026-06-09 to 2026-06-19" in html
    changed = house.with_name("small_minimum.duckdb")
    changed.write_bytes(house.read_bytes())
    with duckdb.connect(str(changed)) as con:
        con.execute("update marts.dim_rules set payload = '{\"finding\": \"verdict\", \"min_leads\": \"1\"}' where rule_id = 'RPT-001'")
    verdicts = [row[3] for row in table(render_period(changed, "en", "week")[1], "outcomes") if "/" in row[1]]
    assert any(verdict.startswith(("higher by", "lower by", "the same")) for verdict in verdicts)


def test_a_split_counts_what_lies_within_its_own_stretch(house: Path, marts: duckdb.DuckDBPyConnection) -> None:
    html = render_period(house, "en", "week", split=date(2026, 6, 24))[1]
    after, before = (
        marts.execute(
            "select count(*) filter (where captured_on between $1 and $2), count(*) filter (where handed_over_on between $1 and $2), "
            "count(*) filter (where handed_over_on between $1 and $2 and worked_on <= $2), count(*) filter (where won_on between $1 and $2) "
            "from marts.fct_lead_lifecycle where scope = 'b2b'", days
        ).fetchone()
        for days in ([date(2026, 6, 24), date(2026, 6, 30)], [date(2026, 6, 17), date(2026, 6, 23)])
    )
    rows = {row[0]: row for row in table(html, "outcomes", 1)}
    assert rows["Leads captured"][1:3] == [str(after[0]), str(before[0])]
    assert rows["Handed over to sales"][1:3] == [str(after[1]), str(before[1])]
    assert rows["Lead utilisation: contacted, of handed over"][1].endswith(f"{after[2]} / {after[1]}")
    assert rows["Deals won"][1:3] == [str(after[3]), str(before[3])]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_not_there_is_named_and_not_drawn(lang: str, house: Path, serving: Path, empty_house: Path, tmp_path: Path) -> None:
    """A house without the marts, one without leads, and one mart after the other away: every section says what it needs."""
    old = tmp_path / "old.duckdb"
    old.write_bytes(serving.read_bytes())
    with duckdb.connect(str(old)) as con:
        name_unknown_groups(con)
    for path in (old, empty_house, build_period_serving(tmp_path / "empty.duckdb", leads=0)):
        read = Page(render_period(path, lang, "week")[1])
        assert read.sections == SECTIONS
    assert "rpt_outcomes" in " ".join(Page(render_period(old, lang, "week")[1]).words)
    empty = render_period(tmp_path / "empty.duckdb", lang, "week")[1]
    crm = "CRM leads" if lang == "en" else "CRM线索"
    said = " ".join(Page(empty).words)
    assert crm in said and sentence(lang, "period.needs_end")[:10] in said
    for mart in NEW:
        path = tmp_path / f"without_{mart}.duckdb"
        path.write_bytes(house.read_bytes())
        with duckdb.connect(str(path)) as con:
            con.execute(f"drop table marts.{mart}")
        if mart == "fct_lead_fields":
            continue
        html = render_period(path, lang, "week")[1]
        assert mart in " ".join(Page(html).words), mart


def test_the_fixture_has_the_columns_of_the_contracts() -> None:
    assert set(NEW) <= set(contracts())


@pytest.mark.parametrize(
    ("kind", "as_of", "on", "first", "last", "until"),
    [
        ("week", "2026-06-30", None, "2026-06-22", "2026-06-28", "2026-06-28"),
        ("week", "2026-06-28", None, "2026-06-22", "2026-06-28", "2026-06-28"),
        ("week", "2026-06-30", "2026-06-29", "2026-06-29", "2026-07-05", "2026-06-30"),
        ("week", "2026-01-03", "2026-01-01", "2025-12-29", "2026-01-04", "2026-01-03"),
        ("month", "2026-06-30", None, "2026-06-01", "2026-06-30", "2026-06-30"),
        ("month", "2026-06-29", None, "2026-05-01", "2026-05-31", "2026-05-31"),
        ("month", "2028-03-01", None, "2028-02-01", "2028-02-29", "2028-02-29"),
        ("month", "2026-01-15", "2026-01-15", "2026-01-01", "2026-01-31", "2026-01-15"),
    ],
)
def test_periods_begin_on_monday_and_on_the_first(kind: str, as_of: str, on: str | None, first: str, last: str, until: str) -> None:
    day = date.fromisoformat
    period = period_of(kind, day(as_of), day(on) if on else None)
    assert (period.first, period.last, period.until) == (day(first), day(last), day(until))
    assert period.before.last == period.first - timedelta(days=1)
    assert period.is_complete == (last == until)


def test_a_period_that_is_not_over_says_so(house: Path) -> None:
    name, html = render_period(house, "en", "week", date(2026, 6, 30))
    assert name == "2026-06-29" and "2026-06-29 to 2026-07-05, so far until 2026-06-30" in html
    assert "The period is not over yet" in html and "The period is not over yet" not in render_period(house, "en", "week")[1]


def test_the_price_of_alert_thresholds_is_told_where_it_is_known(house: Path, tmp_path: Path) -> None:
    """The dearest policies first, those that cost nothing left out, all of them in the sum."""
    assert "What the thresholds cost" not in render_period(house, "en", "week")[1]
    path = tmp_path / "budget.duckdb"
    path.write_bytes(house.read_bytes())
    with duckdb.connect(str(path)) as con:
        con.execute(
            "create table marts.rpt_alert_budget as select * from (values ('ANO-001@2000-01-01', 'warning', 7, true, 3000), "
            "('ANO-002@2000-01-01', 'critical', 7, true, 4500), ('ANO-003@2000-01-01', 'warning', 7, true, 0), "
            "('ANO-001@2000-01-01', 'warning', 7, false, 9000)) as t (rule_key, severity, days_watched, is_in_force, opened_per_week_milli)"
        )
    html = render_period(path, "en", "week")[1]
    rows = table(html, "alerts", 1)
    assert [(row[0][:7], row[3]) for row in rows] == [("ANO-002", "4.5"), ("ANO-001", "3.0")]
    assert re.search(r"All policies.*?>7\.5<", html, flags=re.S)
    with duckdb.connect(str(path)) as con:
        con.execute("update marts.rpt_alert_budget set opened_per_week_milli = 0")
    assert "No policy would have raised an alert" in render_period(path, "en", "week")[1]


def test_a_later_day_has_no_report(house: Path) -> None:
    with pytest.raises(NoSuchPeriodError, match="later than the published day-end 2026-06-30"):
        render_period(house, "en", "week", date(2026, 7, 1))
    with pytest.raises(NoSuchPeriodError):
        render_period(house, "en", "week", None, date(2026, 7, 1))


@pytest.mark.parametrize(
    ("before", "as_of", "kinds"),
    [
        (None, "2026-06-26", []), (None, "2026-06-28", ["week"]), ("2026-06-27", "2026-06-28", ["week"]),
        ("2026-06-28", "2026-06-29", []), ("2026-06-27", "2026-06-29", ["week"]), ("2026-06-29", "2026-06-30", ["month"]),
        ("2026-05-30", "2026-05-31", ["week", "month"]), ("2026-06-26", "2026-07-03", ["week", "month"]),
    ],
)
def test_a_report_is_written_by_the_first_day_end_that_completes_it(before: str | None, as_of: str, kinds: list[str]) -> None:
    assert completed_since(date.fromisoformat(before) if before else None, date.fromisoformat(as_of)) == kinds


def test_the_command_writes_the_page(house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.cli import app

    (tmp_path / "serving").mkdir()
    (tmp_path / "serving" / "leadhouse.duckdb").write_bytes(house.read_bytes())
    monkeypatch.setenv("LEADHOUSE_HOME", str(tmp_path))
    runner = CliRunner()
    done = runner.invoke(app, ["report", "--period", "month", "--lang", "zh", "--split", "2026-06-20"])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "serving" / "reports" / "quality_month_2026-06.zh.html").is_file()
    assert runner.invoke(app, ["report", "--period", "week", "--on", "2027-01-01"]).exit_code == 1
    assert runner.invoke(app, ["report"]).exit_code == 2


def test_a_browser_is_named_or_found_or_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub = tmp_path / "bin" / "chromium"
    stub.parent.mkdir()
    stub.write_text('#!/bin/sh\nfor a in "$@"; do case "$a" in --print-to-pdf=*) printf "%%PDF-1.4" > "${a#--print-to-pdf=}";; esac; done\n', encoding="utf-8")
    stub.chmod(stub.stat().st_mode | stat.S_IEXEC)
    page = tmp_path / "page.html"
    page.write_text("<p>x</p>", encoding="utf-8")
    monkeypatch.delenv("LEADHOUSE_BROWSER", raising=False)
    monkeypatch.setenv("PATH", f"{stub.parent}{os.pathsep}/bin")
    assert find_browser() == str(stub)
    assert print_pdf(page).read_bytes() == b"%PDF-1.4"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", "page.html", "page.pdf"]
    monkeypatch.setenv("LEADHOUSE_BROWSER", "no-such-browser")
    with pytest.raises(NoBrowserError, match="no-such-browser"):
        find_browser()
    stub.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    monkeypatch.setenv("LEADHOUSE_BROWSER", str(stub))
    with pytest.raises(NoBrowserError, match="did not print"):
        print_pdf(page)


def test_a_real_browser_prints_pages(house: Path, tmp_path: Path) -> None:
    try:
        find_browser()
    except NoBrowserError as error:
        pytest.skip(str(error))
    pdf = print_pdf(write_period_report(house, tmp_path, "zh", "week")).read_bytes()
    assert pdf.startswith(b"%PDF-") and len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 4


def _half_up(value: Fraction) -> int:
    """Round half away from zero, as DuckDB does."""
    whole = (abs(value) * 2 + 1) // 2
    return int(whole) if value >= 0 else -int(whole)


def _plain(html: str) -> str:
    return html.replace("&#39;", "'").replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")


def test_the_asset_writes_what_the_day_end_completes(house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The day-end of 30 June completes the month; that of the day before had completed the week."""
    import dagster as dg

    from orchestration.house import House
    from orchestration.house_resource import held_house
    from orchestration.publishing import assets

    (tmp_path / "serving").mkdir()
    (tmp_path / "serving" / "leadhouse.duckdb").write_bytes(house.read_bytes())
    published = SimpleNamespace(inputs=SimpleNamespace(as_of_date="2026-06-30"))
    monkeypatch.setattr(assets, "last_publication", lambda _: published)
    monkeypatch.setattr(assets, "asset_keys", lambda *_: [])
    asset = next(one for one in assets.publishing_assets({}) if one.key == assets.PERIOD_REPORTS)
    resources = {"house": held_house(House(Path.cwd(), tmp_path, Path.cwd()))}
    for earlier, expected in ((["2026-06-30"], ["month"]), (["2026-06-26", "2026-06-30"], ["month", "week"]), (["2026-06-29"], ["month"])):
        monkeypatch.setattr(assets, "published_days", lambda _, days=earlier: days)
        for page in (tmp_path / "serving").glob("reports/*"):
            page.unlink()
        assert dg.materialize([asset], resources=resources, partition_key="2026-06-30").success
        names = {"month": "quality_month_2026-06", "week": "quality_week_2026-06-22"}
        written = sorted(page.name for page in (tmp_path / "serving" / "reports").iterdir())
        assert written == sorted(f"{names[kind]}.{lang}.html" for kind in expected for lang in ("zh", "en"))
