"""The quality report: complete in both languages, closed sums, safe against what people type, the same bytes each time."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from pages import Page
from reporting_serving import FORMULA_COMPANY, MARKUP_NAME, build_serving

from orchestration.reporting import NotPublishedError, write_report
from orchestration.reporting.report import render_report

SECTIONS = [
    "headline", "bands", "channels", "industries", "lifecycle", "stages", "changes", "sla", "alerts", "quality", "queue", "notes",
]
# Rule ids, abbreviations that Chinese marketers use as they are, and names of our own.
LATIN_IN_CHINESE = re.compile(r"[A-Z]{3}-[0-9]{3}|(?<![A-Za-z])(MQL|SAL|SQL|SLA|CRM|B2B|B2C|SDR|BANT|ROI|ERP|POC|Asia/Shanghai|marts\.dim_rules|leadhouse explain)(?![A-Za-z])")
CHINESE = re.compile("[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")


@pytest.fixture(scope="module", params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def html(serving: Path, lang: str) -> str:
    return render_report(serving, lang)


def test_every_section_is_there_and_the_markup_closes(html: str, lang: str) -> None:
    page = Page(html)
    assert page.sections == SECTIONS
    assert page.unbalanced == [] and page.stack == []
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in html


def test_no_word_of_the_other_language_is_left(html: str, lang: str) -> None:
    words = Page(html).words
    if lang == "en":
        left = [word for word in words if CHINESE.search(word)]
    else:
        left = [word for word in words if re.search("[A-Za-z]{2,}", LATIN_IN_CHINESE.sub("", word))]
    assert left == []


def test_the_same_file_gives_the_same_bytes(serving: Path, lang: str, tmp_path: Path) -> None:
    pages = [write_report(serving, tmp_path / str(number), lang) for number in range(2)]
    assert pages[0].name == f"quality_report.{lang}.html"
    assert pages[0].read_bytes() == pages[1].read_bytes()
    assert [path.name for path in pages[0].parent.iterdir()] == [pages[0].name]


def test_another_process_gives_the_same_bytes(serving: Path, tmp_path: Path) -> None:
    """Sets, dictionaries and the machine's clock must not show through."""
    script = "import sys; from pathlib import Path; from orchestration.reporting import write_report; write_report(Path(sys.argv[1]), Path(sys.argv[2]), 'zh')"
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "America/New_York"}
    subprocess.run([sys.executable, "-c", script, str(serving), str(tmp_path)], check=True, env=environment)
    assert (tmp_path / "quality_report.zh.html").read_text(encoding="utf-8") == render_report(serving, "zh")


def test_the_page_needs_no_network_and_runs_nothing(html: str) -> None:
    page = Page(html)
    assert "http" not in html
    assert re.findall(r"url\((?!#)", html) == []
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]


def test_what_people_type_stays_text(html: str) -> None:
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    names = Page(html).names
    assert MARKUP_NAME in names
    assert f"'{FORMULA_COMPANY}" in names and FORMULA_COMPANY not in names
    assert "'=cmd()" in names


def test_every_chart_speaks_and_stays_in_its_frame(html: str) -> None:
    charts = re.findall(r"<svg[^>]*role=\"img\".*?</svg>", html, flags=re.S)
    assert len(charts) > 60
    assert [chart for chart in charts if "<title>" not in chart] == []
    for start, width in re.findall(r'<rect [^>]*x="(-?[0-9.]+)%"[^>]* width="(-?[0-9.]+)%"', html):
        assert float(start) >= 0 and float(start) + float(width) <= 100.3


def test_every_waterfall_of_the_queue_closes(html: str) -> None:
    assert html.count('<article class="card">') == 10
    assert html.count('class="check"') == 11  # ten leads and the balance of the deliveries
    assert 'class="check open"' not in html
    for card in html.split('<article class="card">')[1:]:
        body, foot = card.split("<tfoot>")
        rows = [_milli(text) for kind, text in re.findall(r'<tr class="k-(\w+)">.*?<td class="n">([^<]*)</td>\s*</tr>', body, flags=re.S)]
        subtotals = [_milli(text) for text in re.findall(r'<tr class="subtotal">.*?<td class="n">([^<]*)</td></tr>', body, flags=re.S)]
        total = _milli(re.findall(r'<td class="n">([^<]*)</td>', foot)[0])
        assert sum(rows) == sum(subtotals) == total


def test_a_ledger_that_does_not_close_is_said_so(serving: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(serving.read_bytes())
    with duckdb.connect(str(broken)) as con:
        con.execute("update marts.fct_score_contributions set score_share_milli = score_share_milli + 1 where lead_id = 'L000001' and rule_id = 'FIT-011'")
        con.execute("update marts.rpt_ingest_balance set difference = 1 where feed = 'crm_leads'")
    html = render_report(broken, "en")
    assert "Σ shares = 74.651, score = 74.650: the ledger does not close" in html
    assert "Not closed: 1 record without a fate." in html
    assert "the balance differs by 1" in html


def test_b2c_stays_out_of_the_b2b_figures(serving: Path) -> None:
    html = render_report(serving, "en")
    assert "At this day-end 47 B2B leads are on record" in html
    assert "1 B2C lead is scored in its own scope" in html
    assert "田甜" not in html


def test_a_house_of_b2c_leads_reports_them(serving: Path, tmp_path: Path) -> None:
    path = tmp_path / "b2c.duckdb"
    path.write_bytes(serving.read_bytes())
    with duckdb.connect(str(path)) as con:
        for table in ("dim_leads", "fct_lead_scores", "rpt_quality_daily"):
            con.execute(f"update marts.{table} set scope = 'b2c'")
    html = render_report(path, "en")
    assert "At this day-end 48 B2C leads are on record" in html
    assert "Every lead is in the B2C scope." in html


def test_figures_compare_with_seven_day_ends_before(serving: Path) -> None:
    html = render_report(serving, "en")
    assert "Change against 2026-06-23, 7 day-ends before." in html
    assert "7 new since then" in html


def test_nothing_to_measure_is_said_and_not_drawn(empty_house: Path) -> None:
    html = render_report(empty_house, "en")
    page = Page(html)
    assert page.sections == SECTIONS
    said = " ".join(page.words)
    assert said.count("Not measurable yet: needs feed CRM leads, Form submissions.") >= 4
    assert "Not measurable yet: needs at least 2 published day-ends." in said
    assert "Not measurable yet: needs at least 8 published day-ends." in said
    assert "The queue is empty." in said and "No alert is open." in said
    assert "No earlier day-end to compare with." in said


def test_an_open_path_names_the_feed_it_needs(serving: Path, tmp_path: Path) -> None:
    path = tmp_path / "no_deals.duckdb"
    path.write_bytes(serving.read_bytes())
    with duckdb.connect(str(path)) as con:
        con.execute("delete from marts.rpt_ingest_balance where feed in ('crm_opportunities', 'sales_feedback')")
        con.execute("update marts.dim_leads set lifecycle_status = 'mql' where lifecycle_status in ('sal', 'sql', 'opportunity', 'customer')")
    said = " ".join(Page(render_report(path, "zh")).words)
    assert "暂不可衡量：需要数据源 销售反馈、CRM商机。" in said


def test_nothing_published_is_an_error_and_leaves_no_file(unpublished: Path, tmp_path: Path) -> None:
    with pytest.raises(NotPublishedError):
        write_report(unpublished, tmp_path / "out", "en")
    assert not (tmp_path / "out").exists()


def test_a_page_that_fails_leaves_the_old_one(serving: Path, tmp_path: Path) -> None:
    old = write_report(serving, tmp_path, "en").read_bytes()
    broken = build_serving(tmp_path / "broken.duckdb", leads=3)
    with duckdb.connect(str(broken)) as con:
        con.execute("drop table marts.fct_alerts")
    with pytest.raises(duckdb.Error):
        write_report(broken, tmp_path, "en")
    assert (tmp_path / "quality_report.en.html").read_bytes() == old


def _milli(text: str) -> int:
    return int(text.replace("−", "-").replace("+", "").replace(".", "").replace(",", ""))
