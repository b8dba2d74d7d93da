"""The named leads live in the demo company with what their stories need."""

from __future__ import annotations

import pytest

LEADS = "read_csv('{landing}/crm/crm_leads_2026-11-21_0530.csv', all_varchar = true)"
FORMS = "read_csv('{landing}/website/forms_zh_*.csv', all_varchar = true)"
CALLS = "read_json('{landing}/calls/sales_activities_*.jsonl', format = 'newline_delimited')"
MAILS = "read_csv('{landing}/mailer/message_events_*.tsv', all_varchar = true, delim = '\t', ignore_errors = true)"
SHARES = "read_json('{landing}/share/share_links_*.jsonl', format = 'newline_delimited')"
DOWNLOADS = "read_json('{landing}/content/content_downloads_*.jsonl', format = 'newline_delimited')"
WEBINARS = "read_csv('{landing}/webinar/webinars_*.csv', all_varchar = true)"


@pytest.mark.parametrize("story", range(1, 15))
def test_every_story_has_its_people(company, story):
    keys = [row["record_key"] for row in company.truth("stories") if int(row["story"]) == story]
    assert keys
    if story == 14:
        assert len(keys) == 60
    ids = [key.removeprefix("crm:") for key in keys if key.startswith("crm:L")]
    shown = {row[0] for row in company.rows(f'select "线索编号" from {LEADS}')}
    assert set(ids) <= shown


def test_story_1_day_zero(company):
    """Sign-up, 45 minutes live, gated case, pricing page, demo form at 10:00, call at 10:22 for six minutes; nothing else."""
    mail = "chen.li@hengchuan-jm.example"
    day = {
        (row[0], row[1])
        for row in [
            *company.rows(f"select action, event_time from {WEBINARS} where email = '{mail}'"),
            *company.rows(f"select event_type, occurred_at::timestamptz at time zone 'Asia/Shanghai' || '' from {DOWNLOADS} where email = '{mail}'"),
            *company.rows(f"select \"表单用途\", \"提交时间\" from {FORMS} where \"邮箱\" = '{mail}'"),
            *company.rows(f"select outcome, began_at from {CALLS} where lead_ref = 'L9900101'"),
            *company.rows(
                "select event_type, (occurred_at + interval 8 hours)::varchar from read_parquet('{landing}/website/*.parquet') where visitor_id = 'v-story-01'"
            ),
        ]
    }
    assert day == {
        ("registered", "2026-11-20 08:50:00"),
        ("attended_live", "2026-11-20 09:00:00"),
        ("content_gate", "2026/11/20 09:49:00"),
        ("download", "2026-11-20 09:50:00"),
        ("page_view", "2026-11-20 09:55:00"),
        ("demo_request", "2026/11/20 10:00:00"),
        ("connected", "2026-11-20 10:22:00"),
    }
    assert company.rows(
        f'select "职位", "部门", "省份", "城市", "行业代码", "员工人数", "年营收(万元)", "企业资质", "意向产品", "预算(万元)", "决策流程" '
        f"from {LEADS} where \"线索编号\" = 'L9900101'"
    ) == [("市场总监", "市场部", "江苏", "苏州", "C34", "480", "21000", "高新技术企业", "线索管理与评分", None, None)]
    assert company.value(f"select minutes from {WEBINARS} where email = '{mail}' and action = 'attended_live'") == "45"
    call = company.rows(f"select duration_seconds, transcript from {CALLS} where lead_ref = 'L9900101'")
    assert call[0][0] == 360
    for words in ("线索转化率低", "三个月内要上线", "能对接我们的ERP吗"):
        assert words in call[0][1]
    # A message of twenty characters would score as a described need.
    assert company.value(f"select max(length(\"留言\")) from {FORMS} where \"邮箱\" = '{mail}'") < 20
    assert company.value(f"select count(*) from {LEADS} where \"公司名称\" like '%衡川精密%'") == 1


def test_story_2_reads_everything(company):
    read = company.value(
        "select count(*) from read_json('{landing}/wechat/wechat_events_*.jsonl', format = 'newline_delimited') "
        "where UnionId = 'u-story-02' and Event = 'article_read'"
    )
    live = company.value(f"select count(*) from {WEBINARS} where email = 'sunyue.demo0201@163.com' and action = 'attended_live'")
    papers = company.value(f"select count(*) from {DOWNLOADS} where email = 'sunyue.demo0201@163.com' and event_type = 'download'")
    assert (read, live, papers) == (40, 6, 5)


def test_story_3_two_records_one_mobile_and_a_switchboard(company):
    found = company.rows(f"select \"线索编号\", \"电话\", \"手机\" from {LEADS} where \"姓名\" = '赵敏' and \"公司名称\" like '宁波启航电子%' order by 1")
    assert found == [
        ("L9900301", "13805740330转801", None),
        ("L9900302", "0574-87901000转801", "138-0574-0330"),
    ]
    assert company.value(f"select count(*) from {LEADS} where \"电话\" like '0574-87901000转%'") >= 4


def test_story_4_leaves_within_three_days(company):
    assert company.rows(
        f"select event, event_time from {MAILS} where recipient = 'liujianguo@beichen-pharma.example' and event = 'unsubscribed'"
    ) == [("unsubscribed", "2026-11-17 09:12:00")]
    assert company.value(
        "select strftime(to_timestamp(event_time) at time zone 'Asia/Shanghai', '%Y-%m-%d') "
        "from read_json('{landing}/wecom/wecom_events_*.jsonl', format = 'newline_delimited') "
        "where external_userid = 'wm-story-04' and change_type = 'contact_deleted_us'"
    ) == "2026-11-18"
    assert company.value(f"select began_at from {CALLS} where lead_ref = 'L9900401' and outcome = 'cancelled_by_customer'") == "2026-11-19 09:06:00"


def test_story_5_stands_still(company):
    last = max(
        company.value("select max(occurred_at + interval 8 hours)::varchar from read_parquet('{landing}/website/*.parquet') where visitor_id = 'v-story-05'"),
        company.value(f"select max(began_at)::varchar from {CALLS} where lead_ref = 'L9900501'"),
    )
    assert last.startswith("2026-10-11")


def test_story_6_make_up_saturday(company):
    assert company.rows(f"select \"提交时间\" from {FORMS} where \"邮箱\" = 'zhouting@lanwan-sensor.example'") == [("2026/02/14 16:50:00",)]
    assert company.value(f"select min(began_at)::varchar from {CALLS} where lead_ref = 'L9900601'") == "2026-02-24 09:20:00"


def test_story_7_comes_back_after_45_days(company):
    days = company.rows(
        "select distinct (occurred_at + interval 8 hours)::date::varchar as d from read_parquet('{landing}/website/*.parquet') where visitor_id = 'v-story-07' order by d"
    )
    assert days[-2:] == [("2026-10-05",), ("2026-11-19",)]


def test_story_8_day_before_month(company):
    assert company.rows(
        "select \"Submitted\", \"Phone\" from read_csv('{landing}/website_en/*.csv', all_varchar = true, delim = ';') where \"Full name\" = 'Anna Keller'"
    ) == [("03/04/2026 16:18", "+49 30 23125 187")]
    assert company.rows(f"select \"省份\", \"城市\" from {LEADS} where \"姓名\" = 'Anna Keller'") == [(None, None)]


def test_story_9_names_who_is_missing(company):
    assert company.value(f"select count(*) from {CALLS} where lead_ref = 'L9900902' and transcript like '%客户: 这个要给李总汇报%'") == 1
    assert company.value(f"select count(*) from {LEADS} where \"公司名称\" = '成都天府装备集团有限公司'") == 3


def test_story_10_is_known_too_late(company):
    (late,) = company.files("events/fair_visitors_EV-20260915_late_*.xlsx")
    assert late.name.endswith("2026-11-18_0530.xlsx")
    assert company.rows(f"select \"公司名称\" from {LEADS} where \"姓名\" = '冯磊' and \"线索编号\" = 'L9901001'") == [("个人",)]


def test_story_11_returned_and_back(company):
    assert company.rows(
        "select \"退回原因\", \"反馈时间\"::varchar from read_csv('{landing}/crm/sales_feedback_*.csv', all_varchar = true) where \"线索编号\" = 'L9901101'"
    ) == [("无预算", "2026-06-16 15:00:00")]
    assert "预算已批" in company.value(f"select transcript from {CALLS} where activity_id = 'S11-A2'")


def test_story_12_three_hops_a_loop_and_a_lost_parent(company):
    parents = dict(company.rows(f"select share_ref, parent_share_ref from {SHARES} where share_event_id like 'S12-%' and event_type = 'poster_shared'"))
    path = ["SH-S12-2"]
    while parents.get(path[-1]):
        path.append(parents[path[-1]])
    assert path == ["SH-S12-2", "SH-S12-1", "SH-S12-0"]
    assert parents["SH-S12-A"] == "SH-S12-B" and parents["SH-S12-B"] == "SH-S12-A"
    assert parents["SH-S12-C"] not in parents
    assert company.value(f"select utm_content from {FORMS} where \"邮箱\" = 'shenjie@minghe-motor.example'") == "SH-S12-2"
    depth = company.value(
        f"select max(split_part(share_ref, '-', 2)::int) from {SHARES} where share_ref like 'SH0%' and event_type = 'poster_shared'"
    )
    assert depth == 4


def test_story_13_dirt_beside_real_records(company):
    names = {row[0] for row in company.rows(f"select \"姓名\" from {LEADS} where \"线索编号\" like 'L99013%'")}
    assert names == {"test", "测试", "=cmd()", "asdf"}


def test_story_14_clicks_everything_within_two_seconds(company):
    ((people, fewest, slowest),) = company.rows(
        f"""
        with bursts as (
            select recipient, count(*) as clicks, count(distinct link) as links,
                date_diff('second', min(event_time::timestamp), max(event_time::timestamp)) as seconds
            from {MAILS} where mailing = 'EDM-20261118' and event = 'clicked' group by recipient
        )
        select count(*), min(links), max(seconds) from bursts
        """
    )
    assert (people, fewest) == (60, 6)
    assert slowest <= 2
