"""Time cleansing and identity at scale: leads of which one in ten is a duplicate.

    .venv/bin/python benchmarks/identity_at_scale.py --leads 1000000

draws the leads with SQL (every number follows from the row's number, so each run draws the same), loads them as a
delivery, and builds `models/cleansing`, identity included, for one day-end in a process of its own. It prints seconds
of wall clock, of user and system time, the peak of memory, and how well the duplicates were found.

A duplicate repeats somebody's mobile (4 of 10), address (2), mobile with two digits swapped (1) or one digit wrong (1),
address with a letter missing (1), or name, company and title (1).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from orchestration.house import House
from orchestration.ingestion.run import ensure_lake, ingest
from orchestration.paths import paths
from orchestration.warehouse.dbt import Dbt

DAY = "2026-11-20"
BEFORE = ("--select", "path:../seeds", "path:models/rules", "path:models/staging")
TIMED = ("--select", "path:models/cleansing")
WITHOUT_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
CONNECTION = """
system: bench
feed: crm_leads
reader: parquet
path: bench/leads.parquet
delivery: changes
custom: none
known_at: {column: created_at}
"""
# Surnames are as uneven as in life (the smallest of two draws), given names have one character or two.
LEADS = """
create macro draw(i, what, n) as cast(hash(i, what) % n as bigint);
create table words as
select '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤' as family,
    '伟芳娜秀敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红建文志国海燕晓东云飞雪梅春鹏宇浩凯婷博佳琳欣怡思远子涵梓轩雨泽嘉豪俊熙诗然可心若曦一诺天成瑞祥永康立新学峰少华宏图振兴家乐' as given,
    '上海|北京|深圳|广州|杭州|苏州|南京|成都|武汉|西安|宁波|青岛|天津|重庆|长沙|郑州|合肥|厦门|无锡|东莞' as places,
    '华辰|云野|星诺|智拓|海晶|盛拓|明力|德程|安驰|泰光|昊辰|宏川|嘉诺|睿航|恒信|中科|远达|博雅|瑞丰|金泰|天宇|凯瑞|鼎盛|万通|创新|联合|东方|新程|启明|力合' as stems,
    '科技|软件|电气|仪器|新材料|医疗设备|自动化|环保|信息技术|机械|化工|电子|物流|食品|生物|能源|教育|传感|泵业|轴承' as trades,
    '市场经理|销售总监|采购经理|总经理|技术主管|运营经理|产品经理|人事专员|财务经理|系统工程师' as titles;
create table companies as
select i, string_split(places, '|')[1 + i % 20] || string_split(stems, '|')[1 + (i // 20) % 30] || string_split(stems, '|')[1 + (i // 600) % 30]
    || string_split(trades, '|')[1 + (i // 18000) % 20] || '有限公司' as company_name, 'c' || i || '.example' as domain
from range({companies}) g(i), words;
create table people as
select g.i as i, family[1 + least(draw(g.i, 'f1', 100), draw(g.i, 'f2', 100))] || given[1 + draw(g.i, 'g1', length(given))]
    || case when draw(g.i, 'long', 10) < 7 then given[1 + draw(g.i, 'g2', length(given))] else '' end as person_name,
    c.company_name, string_split(titles, '|')[1 + draw(g.i, 't', 10)] as job_title,
    '1' || (3 + draw(g.i, 'm', 7)) || lpad(cast(draw(g.i, 'n', 1000000000) as varchar), 9, '0') as mobile,
    'u' || translate(substr(md5(cast(g.i as varchar)), 1, 9), '0123456789', 'ghijklmnop') || '@' || c.domain as email
from range({people}) g(i) cross join words join companies c on c.i = draw(g.i, 'c', {companies});
create table leads as
select 'P' || i as lead_id, i as person_no, person_name, company_name, job_title, email, mobile, '' as kind from people
union all
select 'D' || d, i, person_name, case when kind in ('mobile_typo', 'mobile_swap') then null else company_name end,
    case when kind = 'name' then job_title end,
    case kind when 'email' then email when 'email_typo' then email[1:3] || email[5:] when 'name' then 'private' || d || '@163.com' end,
    case kind when 'mobile' then mobile
        when 'mobile_typo' then mobile[1:10] || cast((cast(mobile[11] as integer) + 3) % 10 as varchar)
        when 'mobile_swap' then mobile[1:6] || mobile[8] || mobile[7] || mobile[9:] end, kind
from (select d, draw(d, 'who', {people}) as i,
    ['mobile', 'mobile', 'mobile', 'mobile', 'email', 'email', 'mobile_typo', 'mobile_swap', 'email_typo', 'name'][1 + draw(d, 'kind', 10)] as kind
    from range({duplicates}) g(d)) join people using (i);
"""


def main() -> None:
    """Draw, load, build and judge; one line per figure as a JSON object."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--leads", type=int, default=50_000, help="leads, duplicates included")
    options.add_argument("--folder", type=Path, default=Path("var/bench_identity"), help="where the house is made")
    options.add_argument("--memory", default="3GB", help="most memory of the database")
    options.add_argument("--build", action="store_true", help=argparse.SUPPRESS)
    asked = options.parse_args()
    home = asked.folder.resolve()
    if asked.build:
        build(home, TIMED)
        return
    shutil.rmtree(home, ignore_errors=True)
    figures: dict[str, float] = {"leads": asked.leads}
    started = time.perf_counter()
    draw(home, asked.leads)
    result = ingest(home / "connections", home)
    if not result.ok:
        raise SystemExit([receipt.message for receipt in result.failed])
    build(home, BEFORE)
    figures["before_s"] = time.perf_counter() - started
    command = [sys.executable, __file__, "--build", "--folder", str(home)]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | {"LEADHOUSE_THREADS": "1"})
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit("The build failed.")
    figures["process_s"] = time.perf_counter() - started
    figures |= json.loads((home / "build.json").read_text("utf-8"))
    figures |= {"user_s": used.ru_utime, "sys_s": used.ru_stime, "peak_rss_gb": used.ru_maxrss / 1024**2}
    figures |= judged(home)
    print(json.dumps({name: round(value, 5) for name, value in figures.items()}, indent=2))


def draw(home: Path, leads: int) -> None:
    """Write the leads as one delivery and the connection that reads it."""
    ensure_lake(home)
    landing = paths(home).landing / "bench"
    landing.mkdir(parents=True)
    (home / "connections").mkdir()
    (home / "connections" / "leads.yml").write_text(CONNECTION, "utf-8")
    duplicates = leads // 10
    sizes = {"people": leads - duplicates, "duplicates": duplicates, "companies": max(100, leads // 15)}
    with duckdb.connect(config={"memory_limit": "3GB"}) as con:
        con.execute(LEADS.format(**sizes))
        con.execute(f"copy (select person_no, lead_id from leads) to '{home}/truth.parquet'")
        con.execute(
            "copy (select lead_id, person_name, company_name, job_title, email, mobile, "
            "timestamp '2026-11-01 01:00:00' + to_seconds(cast(hash(lead_id) % 1000000 as integer)) as created_at "
            f"from leads order by lead_id) to '{landing}/leads.parquet'"
        )


def build(home: Path, selection: tuple[str, ...]) -> None:
    """Build models without tests; writes the seconds that dbt took beside the warehouse."""
    house = House.default()
    dbt = Dbt(house.project_dir, home, house.seeds_dir)
    started = time.perf_counter()
    outcome = dbt.build((*selection, *WITHOUT_TESTS), {"as_of_date": DAY, "history_days": 0})
    if not outcome.is_green:
        raise SystemExit(outcome.explanation())
    figures = {"build_s": time.perf_counter() - started}
    (home / "build.json").write_text(json.dumps(figures), "utf-8")


def judged(home: Path) -> dict[str, float]:
    """Pairwise precision and recall of the leads against who was drawn."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        precision, recall = con.execute(
            f"""
            with found as (
                select members.lead_id, truth.person_no
                from cleansing.int_cleansing__lead_members as members
                join '{home}/truth.parquet' as truth on members.record_key = 'bench:' || truth.lead_id
            ),
            pairs_of as (
                select sum(n * (n - 1) / 2) as pairs, 'lead' as side from (select count(*) as n from found group by lead_id)
                union all
                select sum(n * (n - 1) / 2), 'person' from (select count(*) as n from found group by person_no)
                union all
                select sum(n * (n - 1) / 2), 'both' from (select count(*) as n from found group by lead_id, person_no)
            )
            select max(pairs) filter (where side = 'both') / max(pairs) filter (where side = 'lead'),
                max(pairs) filter (where side = 'both') / max(pairs) filter (where side = 'person')
            from pairs_of
            """
        ).fetchone()
    return {"precision": precision, "recall": recall}


if __name__ == "__main__":
    main()
