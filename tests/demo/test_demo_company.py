"""The demo company: the same bytes each time, every feed, deliveries that the connections read, outcomes with a cause."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import duckdb
import pytest

from orchestration.demo import generate
from orchestration.ingestion.connection import load_connections
from orchestration.ingestion.contracts import load_contracts

ROOT = Path(__file__).resolve().parents[2]
CONNECTIONS = ROOT / "connections" / "demo"


def digests(summary) -> dict[str, str]:
    base = summary.landing.parent
    return {
        path.relative_to(base).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(base.rglob("*"))
        if path.is_file()
    }


def test_same_seed_same_bytes_with_any_number_of_threads(small, tmp_path):
    again = generate(tmp_path / "landing", leads=150, months=3, threads=4)
    assert digests(again) == digests(small)
    assert again.records == small.records


def test_another_seed_is_another_company(small, tmp_path):
    other = generate(tmp_path / "landing", seed=8, leads=150, months=3)
    one, two = digests(small), digests(other)
    assert one.keys() & two.keys()
    crm = "landing/crm/crm_leads_2026-11-21_0530.csv"
    assert one[crm] != two[crm]


def test_generating_again_replaces_what_was_there(tmp_path):
    stale = tmp_path / "landing" / "crm" / "crm_leads_2020-01-01_0530.csv"
    stale.parent.mkdir(parents=True)
    stale.write_text("old")
    foreign = tmp_path / "landing" / "somebody_elses" / "export.csv"
    foreign.parent.mkdir()
    foreign.write_text("kept")
    generate(tmp_path / "landing", leads=100, months=3)
    assert not stale.exists()
    assert foreign.read_text() == "kept"


@pytest.mark.parametrize("wrong", [{"leads": 99}, {"months": 2}, {"months": 25}])
def test_out_of_range_is_refused_with_a_reason(wrong, tmp_path):
    with pytest.raises(ValueError, match="The demo needs leads >= 100 and 3 to 24 months"):
        generate(tmp_path / "landing", **wrong)


def test_progress_is_told_in_steps(tmp_path):
    told = []
    generate(tmp_path / "landing", leads=100, months=3, on_progress=lambda *step: told.append(step))
    assert [done for _, done, _ in told] == list(range(len(told)))
    assert {total for _, _, total in told} == {told[-1][1]}


def test_every_feed_is_delivered(company):
    feeds = load_contracts().feeds
    assert set(company.summary.records) == set(feeds)
    assert len(feeds) == 23
    assert all(company.summary.records.values())


def test_size(company):
    assert 250 <= company.summary.files <= 300
    events = sum(
        count
        for feed, count in company.summary.records.items()
        if load_contracts().feeds[feed].kind == "event"
    )
    assert 60_000 <= events <= 100_000
    assert company.value("select count(*) from read_csv('{truth}/people.csv')") == 2000


def test_connections_are_well_formed_and_read_every_file_once(company):
    connections, problems = load_connections(CONNECTIONS, load_contracts(), company.summary.landing)
    assert problems == []
    read = [delivered.path for connection in connections for delivered in connection.deliveries()]
    assert sorted(read) == sorted(path for path in company.summary.landing.rglob("*") if path.is_file())
    assert {connection.reader for connection in connections} == {"csv", "xlsx", "jsonl", "parquet"}
    for connection in connections:
        for delivered in connection.deliveries():
            assert connection.asserted_at(delivered.name)


def test_the_last_day_is_complete_and_the_newest_delivery_is_past_its_cut_off(company):
    """Day-end 2026-11-20: what is known before 06:00 counts, and one delivery passed 06:00."""
    newest = dict(
        company.rows("select connection, max(known_at)::varchar from read_csv('{truth}/files.csv') group by connection")
    )
    assert max(newest.values()) == "2026-11-21 06:30:00"
    for connection in ("crm_leads", "forms_zh", "sales_activities", "content_downloads", "webinars"):
        assert newest[connection] == "2026-11-21 05:30:00", connection


def test_formats(company):
    wukong = company.files("wukong/*.csv")[-1].read_bytes()
    text = wukong.decode("gb18030")
    assert text.startswith("编号,线索名称") and text.rstrip().endswith("条记录") and "\r\n" in text
    with pytest.raises(UnicodeDecodeError):
        wukong.decode("utf-8")
    assert company.files("crm/crm_leads_*.csv")[-1].read_bytes().startswith(b"\xef\xbb\xbf")
    english = company.files("website_en/*.csv")[-1].read_text(encoding="utf-8")
    assert english.splitlines()[0].count(";") > 10


def test_people_are_mostly_chinese_and_places_fit(company):
    share = company.value(
        "select avg((regexp_matches(\"姓名\", '[一-龥]'))::int) "
        "from read_csv('{landing}/crm/crm_leads_2026-11-21_0530.csv', all_varchar = true)"
    )
    assert 0.75 <= share <= 0.92
    cities = {(row["province"], row["city"]) for row in csv.DictReader((ROOT / "orchestration/demo/words/cities.csv").open())}
    found = company.rows(
        "select distinct province, city from read_csv('{landing}/crm/crm_accounts_2026-11-21_0530.csv', all_varchar = true)"
    )
    assert set(found) <= cities


def test_mail_domains_and_people_are_invented(company):
    domains = company.rows(
        "select distinct split_part(lower(\"邮箱\"), '@', 2) as domain "
        "from read_csv('{landing}/crm/crm_leads_2026-11-21_0530.csv', all_varchar = true) where regexp_matches(\"邮箱\", '^[^@ ]+@[^@ ]+[.][^@ ]+$')"
    )
    free = {"qq.com", "163.com", "126.com", "outlook.com", "foxmail.com"}
    disposable = {"10minutemail.com", "guerrillamail.com", "mailinator.com", "getnada.com", "fakeinbox.com"}
    placeholders = {"test.com", "asdf.com"}
    odd = [domain for (domain,) in domains if not domain.endswith(".example") and domain not in free | disposable | placeholders]
    assert odd == []


def test_outcomes_depend_on_latent_fit_and_need(company):
    """R14: what was won can be learnt from what people want; not perfectly."""
    won, lost = (
        company.rows(
            "select avg(latent_need), avg(latent_fit), count(*) from read_csv('{truth}/people.csv') where outcome = "
            + f"'{outcome}'"
        )[0]
        for outcome in ("won", "lost")
    )
    assert won[2] >= 30 and lost[2] >= 30
    assert won[0] > lost[0] and won[1] > lost[1]
    everyone = company.rows("select avg(latent_need), avg(latent_fit) from read_csv('{truth}/people.csv')")[0]
    assert won[0] > everyone[0] + 15
    # Some weak ones are won and some strong ones lost, otherwise nothing is left to learn.
    assert company.value(
        "select count(*) from read_csv('{truth}/people.csv') where outcome = 'lost' and latent_need + latent_fit > "
        "(select median(latent_need + latent_fit) from read_csv('{truth}/people.csv') where outcome = 'won')"
    )


def test_seasons(company):
    """Weekdays, the Spring Festival dip, fairs in spring and autumn."""
    by_day = company.rows(
        "select (occurred_at + interval 8 hours)::date as d, count(*) as n from read_parquet('{landing}/website/*.parquet') "
        "where occurred_at < timestamp '2026-11-20 16:00' group by d"
    )
    weekday = [n for d, n in by_day if d.isoweekday() < 6]
    weekend = [n for d, n in by_day if d.isoweekday() > 5]
    assert sum(weekend) / len(weekend) < 0.6 * sum(weekday) / len(weekday)
    festival = [n for d, n in by_day if "2026-02-15" <= str(d) <= "2026-02-23"]
    before = [n for d, n in by_day if "2026-01-19" <= str(d) <= "2026-02-06"]
    assert sum(festival) / len(festival) < 0.6 * sum(before) / len(before)
    per_month = dict(
        company.rows(
            "select month(\"创建时间\"::timestamp) as m, count(*) from read_csv('{landing}/crm/crm_leads_2026-11-21_0530.csv', all_varchar = true) "
            "where try_cast(\"创建时间\" as timestamp) between '2025-11-21' and '2026-11-21' and \"线索来源\" = '展会' group by m"
        )
    )
    fairs = per_month[3] + per_month[4] + per_month[9] + per_month[10]
    assert fairs > 0.6 * sum(per_month.values())


def test_channels_differ_in_quality(company):
    need = dict(company.rows("select source, avg(latent_need) from read_csv('{truth}/people.csv') where kind = 'b2b' group by source"))
    assert need["referral"] > need["website"] > need["import"]


def test_buying_committees(company):
    groups = company.rows(
        "select account_id, count(*), count(distinct job_level) from read_csv('{truth}/people.csv') "
        "where account_id is not null group by account_id having count(*) >= 3"
    )
    assert len(groups) >= 50
    assert max(people for _, people, _ in groups) >= 5


def test_hand_over_to_won_is_one_path(company):
    """Who is won was accepted before, who was accepted was handed over before."""
    broken = company.value(
        """
        with steps as (
            select lead_ref, min(operated_at) filter (operation = 'hand_over') as handed_at,
                min(operated_at) filter (operation = 'accept') as accepted_at
            from read_csv('{landing}/crm/lead_operations_*.csv') group by lead_ref
        ),
        deals as (
            select "线索编号" as lead_ref, min("创建时间") as opened_at
            from read_csv('{landing}/crm/crm_opportunities_*.csv') where "线索编号" not like 'L99%' group by all
        )
        select count(*) from deals left join steps using (lead_ref)
        where handed_at is null or accepted_at is null or accepted_at < handed_at or opened_at < accepted_at
        """
    )
    assert broken == 0
    reasons = company.rows("select distinct \"退回原因\" from read_csv('{landing}/crm/sales_feedback_*.csv') where \"结果\" = '退回'")
    assert len(reasons) >= 6


def test_transcripts_say_what_the_rules_can_hear():
    """Every sentence of the customer hits the fact that it stands for, and small talk hits none."""
    words = ROOT / "orchestration" / "demo" / "words"
    rules = ROOT / "seeds" / "rules" / "tagging" / "rule_tagging__call_facts.csv"
    found = duckdb.execute(
        f"""
        select s.sentence, s.fact_kind, list(distinct r.fact_kind) filter (r.fact_kind is not null) as hits
        from (select fact_kind, language, sentence from read_csv('{words}/call_sentences.csv', all_varchar = true)
              union all select '', 'zh', unnest(['嗯，你说', '好的，明白', '在的，请讲'])
              union all select '', 'en', 'Hello, speaking') s
        left join read_csv('{rules}', all_varchar = true) r
            on r.status = 'active' and regexp_matches(lower(s.sentence), r.pattern)
        group by all
        """
    ).fetchall()
    silent = [row for row in found if row[1] and row[1] not in (row[2] or [])]
    overheard = [row for row in found if not row[1] and row[2]]
    assert silent == [] and overheard == []
