"""Fourteen days of a small company: what was delivered when, and which rule rows were appended when.

Business days are numbered 1 to 14, from Monday 2 March 2026 on. Every file is JSON lines and says in its name when it became known
(Asia/Shanghai). A day is published at half past six on the next morning, half an hour after its cut-off; a web log arrives at ten past
six, after the cut-off, so that no day-end is provisional. What is random comes from a seed.

| day | what happens |
|---|---|
| 2, 3 | a job title is changed and changed back (A, B, A again) |
| 2 | a record is gone from the snapshot (tombstone); it is back on day 8 |
| 4 | two records turn out to have one mobile number: a merge. The day's web log doesn't come |
| 5 | points of a fit rule and the weights of a segment change |
| 6 | the web log of day 4 comes late; the snapshot lost two thirds of its rows and is quarantined whole |
| 7 | new checks begin; mail domains, a company suffix, a place and the trust of keys change: rules that see old records anew |
| 8 | the whole snapshot is back; an event comes that no touch type maps |
| 9 | a file asserts that it is three weeks old: web log, forms and leads of before the first day |
| 10 | an exception row takes the shared number out: the merge is undone. Another one lets a quarantined lead return |
| 11 | the check of day 7 that holds leads back is retired; a touch type maps the event of day 8 |
| 12 | signals, patterns, tags of a custom column and a product begin to count |
| 13 | a form carries the mail address of one lead and the number of another: a merge by events |
| 14 | a call with a transcript, a deal that is won; a rule returns to what it was |

Rules of days 12 and 14 are written down two days before they hold.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from orchestration.ingestion.contracts import load_contracts

FIRST = date(2026, 3, 2)
DAYS = 14
SEEDS = Path(__file__).resolve().parents[2] / "seeds"
STAMP = "%Y-%m-%dT%H%M"
SNAPSHOTS = ("crm_leads", "crm_reps", "content_items")

Row = dict[str, Any]


def day(number: int) -> date:
    """The business day of a number, 1 the first."""
    return FIRST + timedelta(days=number - 1)


# --- Deliveries --------------------------------------------------------------------------------------------------------


@dataclass
class Landing:
    """Where files arrive, and the connections that read them."""

    landing: Path
    connections: Path

    def __post_init__(self) -> None:
        self.connections.mkdir(parents=True, exist_ok=True)

    def deliver(self, feed: str, known: datetime, rows: list[Row], system: str = "crm") -> None:
        """Put a file down that says that it became known at a local time."""
        name = feed if system == "crm" else f"{system}_{feed}"
        folder = self.landing / name
        folder.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
        (folder / f"{name}_{known:{STAMP}}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        contract = load_contracts().feeds[feed]
        connection = {
            "system": system,
            "refs_system": "crm",
            "feed": feed,
            "path": f"{name}/{name}_*.jsonl",
            "timezone": "Asia/Shanghai",
            "delivery": "snapshot" if name in SNAPSHOTS else "changes" if contract.kind == "entity" else "events",
            "out_of_order": "load",
            "known_at": {"file_name": "_([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{4})[.]", "format": STAMP},
        }
        (self.connections / f"{name}.yml").write_text(yaml.safe_dump(connection), encoding="utf-8")


TITLES = ["总经理", "市场总监", "市场经理", "采购经理", "IT经理", "销售总监", "CEO", "Head of Marketing", "运营专员", "财务总监"]
COMPANIES = [
    ("苏州启明机械有限公司", "C34", 480, 21000, "江苏", "苏州"), ("杭州远航软件有限公司", "I65", 220, 9000, "浙江", "杭州"),
    ("上海云帆医药股份有限公司", "C27", 1800, 96000, "上海", None), ("广州蓝海物流有限公司", "G58", 90, 3000, "广东", "广州"),
    ("北京新科教育科技有限公司", "P83", 60, 1200, "北京", None), ("成都锦城电子有限责任公司", "C39", 310, 15000, "四川", "成都"),
    ("宁波启航电子合作社", "C39", 40, 800, "浙江", "宁波"), ("Acme Tools GmbH", None, 700, None, None, None),
    ("青岛海风食品集团", "C14", 2600, 180000, "山东", "青岛"), ("宁波启航电子", None, None, None, None, "港城"),
]  # fmt: skip
FAMILY, GIVEN = "张李王刘陈杨赵黄周吴徐孙", ["伟", "娜", "敏", "静", "强", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "超", "霞"]
PAGES = ["/pricing", "/products/lead", "/cases/acme", "/blog/1", "/careers", "/compare/x", "/docs/api", "/solutions/manufacturing"]
WORDS = ["希望尽快了解营销自动化平台,线索太散,需要与ERP集成,预算已批", "了解一下", "we need lead scoring for our sales team asap", ""]
TRANSCRIPT = "坐席: 您好\n客户: 我们现在线索太散,跟进不及时,三个月内要采购\n坐席: 预算呢\n客户: 预算已经批了,需要和ERP对接\n"


class Company:
    """The state of the company's systems, from which each day's files are written."""

    def __init__(self, landing: Landing, seed: int = 14) -> None:
        self.landing = landing
        self.random = random.Random(seed)
        self.leads = {number: self._lead(number) for number in range(1, 37)}
        self.reps = [
            {"rep_id": "R1", "rep_name": "江丽", "team": "华东", "email": "jiangli@ourhouse.cn", "phone": "13900000001", "hired_at": "2024-01-01"},
            {"rep_id": "R2", "rep_name": "Tom Field", "team": "华南", "email": "tom.field@qq.com", "phone": "13900000002", "hired_at": "2024-01-01"},
        ]
        self.events = 0

    def _lead(self, number: int) -> Row:
        company = COMPANIES[number % len(COMPANIES)]
        created = datetime.combine(FIRST - timedelta(days=1 + number % 25), datetime.min.time()) + timedelta(hours=9, minutes=number)
        domain = ["qq.com", "corp-mail.cn", "tempbox-post.net", "163.com"][number % 4]
        return {
            "lead_id": f"{number}",
            "person_name": FAMILY[number % 12] + GIVEN[number % 15] + ("" if number % 3 else "华"),
            "company_name": company[0],
            "job_title": TITLES[number % len(TITLES)],
            "email": f"person{number}@{domain}" if number % 5 else None,
            "mobile": f"138{12340000 + number:08d}" if number % 4 else None,
            "industry_code": company[1],
            "headcount": company[2] if number % 2 else None,
            "annual_revenue_wan": company[3] if number % 3 else None,
            "province": company[4] if number % 7 else None,
            "city": company[5],
            "owner_ref": "R1" if number % 2 else "R2",
            "source_channel": ["百度推广", "官网", "展会", "referral"][number % 4],
            "product_interest": ["营销自动化", "线索评分", None][number % 3],
            "purchase_timeline": [None, "三个月内", "半年"][number % 3],
            "need_description": WORDS[number % 4] or None,
            "budget_scope": ["年度预算", "临时", None][number % 3],
            "created_at": f"{created:%Y-%m-%d %H:%M:%S}",
        }

    def live(self, number: int) -> None:
        """Write the files that arrive on a day and on the morning after it."""
        evening = datetime.combine(day(number), datetime.min.time()) + timedelta(hours=20)
        dawn = evening + timedelta(hours=10, minutes=10)
        ordinary = self._ordinary(number)
        happened = getattr(self, f"_day_{number}", lambda feeds: None)
        happened(ordinary)
        for feed, rows in ordinary.items():
            self.landing.deliver(feed, evening, rows)
        self.landing.deliver("web_events", dawn, self._web(number + 1, 3, hours=(0, 6)), system="night")

    def _ordinary(self, number: int) -> dict[str, list[Row]]:
        feeds: dict[str, list[Row]] = {
            "crm_leads": list(self.leads.values()),
            "web_events": self._web(number, 10),
            "message_events": [
                self._event(number, message_channel="email", event_type=kind, email=f"person{lead}@{'corp-mail.cn' if lead % 4 == 1 else 'qq.com'}",
                            user_agent="Mozilla/5.0 (compatible; Proofpoint)" if lead == 21 else "Mozilla/5.0")
                for lead in self.random.sample(range(1, 37), 4) for kind in ("sent", "opened", "clicked")
            ],
            "sales_activities": [
                self._event(number, activity_type="call", outcome=outcome, rep_ref="R1", lead_ref=f"{lead}", duration_seconds=seconds)
                for lead, outcome, seconds in [
                    (self.random.randint(1, 36), "connected", 320), (self.random.randint(1, 36), "no_answer", None), (11, "no_answer", None),
                ]
            ],
            "form_submissions": [self._form(number, lead) for lead in self.random.sample(range(1, 37), 2)],
        }  # fmt: skip
        if number in (1, 5, 9, 13):
            feeds["crm_reps"] = list(self.reps)
        if number == 1:
            feeds["content_items"] = [
                {"content_id": "wp1", "title": "白皮书", "decision_stage": "information_search", "published_at": "2026-01-01"},
                {"content_id": "case1", "title": "案例", "decision_stage": "solution_evaluation", "published_at": "2026-01-01"},
            ]
            feeds["crm_accounts"] = [
                {"account_id": "A1", "account_name": "苏州启明机械有限公司", "industry_code": "C34", "headcount": 480, "is_key_account": "true", "created_at": "2025-05-01"},
                {"account_id": "A2", "account_name": "Acme Tools GmbH", "headcount": 700, "created_at": "2025-05-01"},
            ]
            feeds["crm_opportunities"] = [
                {"opportunity_id": "O1", "lead_ref": "4", "stage": "open", "amount_wan": 30, "created_at": f"{FIRST} 10:00:00"},
                {"opportunity_id": "O2", "lead_ref": "9", "stage": "proposal", "amount_wan": 80, "created_at": f"{FIRST} 11:00:00"},
            ]
        if number % 3 == 0:
            feeds["content_downloads"] = [
                self._event(number, event_type="download", content_ref="case1" if number % 2 else "wp1", email=f"person{lead}@corp-mail.cn")
                for lead in (1, 9, 13)
            ]
            feeds["sales_feedback"] = [
                {"feedback_id": f"F{number}", "given_at": f"{day(number)} 17:00:00", "lead_ref": f"{number}", "rep_ref": "R1",
                 "outcome": ["accepted", "rejected"][number % 2], "intent_clarity": "clear", "reject_reason": "no_budget" if number % 2 else None}
            ]  # fmt: skip
            feeds["wechat_events"] = [
                self._event(number, event_type="menu_click", menu_name="联系我们", openid=f"wx{lead}", phone=f"138{12340000 + lead:08d}")
                for lead in (2, 3)
            ]
        return feeds

    def _event(self, number: int, hours: tuple[int, int] = (8, 19), **values: Any) -> Row:
        self.events += 1
        at = datetime.combine(day(number), datetime.min.time()) + timedelta(
            hours=self.random.randint(hours[0], hours[1] - 1), minutes=self.random.randint(0, 59)
        )
        key = "activity_id" if "activity_type" in values else "download_id" if "content_ref" in values else "event_id"
        return {key: f"e{self.events}", "occurred_at": f"{at:%Y-%m-%d %H:%M:%S}"} | values

    def _web(self, number: int, count: int, hours: tuple[int, int] = (8, 19)) -> list[Row]:
        rows = []
        for _ in range(count):
            lead = self.random.randint(1, 36)
            row = self._event(number, hours, event_type="page_view", page_url=f"https://www.our.example{self.random.choice(PAGES)}",
                              visitor_id=f"v{lead}", user_agent="Mozilla/5.0")  # fmt: skip
            if self.random.random() < 0.5:
                row["email"] = f"person{lead}@{'ourhouse.cn' if lead % 9 == 0 else 'corp-mail.cn'}"
            if self.random.random() < 0.4:
                row["phone"] = f"138{12340000 + lead:08d}"
            rows.append(row)
        return rows

    def _form(self, number: int, lead: int, **values: Any) -> Row:
        event = self._event(number)
        person = self.leads.get(lead, self._lead(lead))
        return {
            "submission_id": f"s{event['event_id']}", "submitted_at": event["occurred_at"], "visitor_id": f"v{lead}",
            "form_name": self.random.choice(["预约演示", "资料下载", "联系我们"]), "email": person["email"], "phone": person["mobile"],
            "person_name": person["person_name"], "company_name": person["company_name"], "message": self.random.choice(WORDS),
        } | values  # fmt: skip

    # The events of the table above.

    def _day_2(self, feeds: dict[str, list[Row]]) -> None:
        self.leads[1]["job_title"] = "总经理助理"
        self.gone = self.leads.pop(5)
        feeds["crm_leads"] = list(self.leads.values())

    def _day_3(self, feeds: dict[str, list[Row]]) -> None:
        self.leads[1]["job_title"] = TITLES[1]

    def _day_4(self, feeds: dict[str, list[Row]]) -> None:
        self.leads[8]["mobile"] = self.leads[7]["mobile"]
        self.late = feeds.pop("web_events")

    def _day_5(self, feeds: dict[str, list[Row]]) -> None:
        self.leads[40] = self._lead(40) | {"company_name": "测试科技有限公司", "email": "buyer@ceshi-keji.cn"}
        self.leads[41] = self._lead(41) | {"company_name": "灵犀采石场"}
        feeds["crm_leads"] = list(self.leads.values())

    def _day_6(self, feeds: dict[str, list[Row]]) -> None:
        late = datetime.combine(day(4), datetime.min.time()) + timedelta(hours=20)
        self.landing.deliver("web_events", late, self.late)
        feeds["crm_leads"] = list(self.leads.values())[:12]

    def _day_7(self, feeds: dict[str, list[Row]]) -> None:
        del feeds["crm_leads"]

    def _day_8(self, feeds: dict[str, list[Row]]) -> None:
        self.leads[5] = self.gone
        feeds["crm_leads"] = list(self.leads.values())
        feeds["web_events"] += [self._event(8, event_type="calculator_used", visitor_id="v4", email="person13@corp-mail.cn")]

    def _day_9(self, feeds: dict[str, list[Row]]) -> None:
        before = datetime.combine(FIRST - timedelta(days=21), datetime.min.time()) + timedelta(hours=20)
        self.landing.deliver("web_events", before, self._web(-21, 12))
        self.landing.deliver("form_submissions", before, [self._form(-21, lead, form_name="预约演示") for lead in (9, 12, 25)])
        old = [self._lead(number) | {"lead_id": f"b{number}", "created_at": "2026-01-15 09:00:00"} for number in (13, 50)]
        self.landing.deliver("crm_leads", before, old, system="branch")

    def _day_12(self, feeds: dict[str, list[Row]]) -> None:
        feeds["form_submissions"].append(self._form(12, 4, form_name=None, form_purpose="event_registration"))

    def _day_13(self, feeds: dict[str, list[Row]]) -> None:
        mail, number = self.leads[9]["email"], self.leads[11]["mobile"]
        feeds["web_events"].append(self._event(13, event_type="page_view", page_url="/pricing", email=mail, phone=number))

    def _day_14(self, feeds: dict[str, list[Row]]) -> None:
        feeds["sales_activities"].append(
            self._event(14, activity_type="call", outcome="connected", rep_ref="R1", lead_ref="4", duration_seconds=600, transcript=TRANSCRIPT)
        )
        feeds["crm_opportunities"] = [
            {"opportunity_id": "O2", "lead_ref": "9", "stage": "won", "amount_wan": 80, "created_at": f"{FIRST} 11:00:00",
             "closed_at": f"{day(14)} 15:00:00"}
        ]  # fmt: skip


# --- Rules -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RuleRow:
    """A row to append: a copy of a rule's row of a file, with other cells, from a day on."""

    written_on: int
    holds_from: int
    file: str
    like: str
    cells: dict[str, str] = field(default_factory=dict)


def _both(written_on: int, holds_from: int) -> Callable[..., RuleRow]:
    return lambda file, like, **cells: RuleRow(written_on, holds_from, file, like, cells)


_5, _7, _10, _11, _12, _14 = (_both(written, holds) for written, holds in [(5, 5), (7, 7), (10, 10), (11, 11), (10, 12), (12, 14)])
RULE_ROWS = [
    _5("rule_scoring__fit", "FIT-091", points="5"),
    _5("rule_scoring__dimensions", "WGT-001", weight_pct="25"),
    _5("rule_scoring__dimensions", "WGT-002", weight_pct="45"),
    # Old records are seen anew by new checks, and by lists that grow.
    _7("rule_cleansing__verdicts", "CLN-002", rule_id="CLN-301", argument="采石", label_zh="采石场", label_en="Quarries"),
    _7("rule_cleansing__verdicts", "CLN-006", rule_id="CLN-302", argument="^person1", label_zh="一号", label_en="First persons"),
    _7("rule_cleansing__verdicts", "CLN-007", verdict="quarantine"),
    _7("rule_cleansing__mail_domains", "DOM-289", rule_id="DOM-901", domain="tempbox-post.net", mail_domain_kind="disposable",
       label_zh="一次性邮箱 tempbox-post.net", label_en="Disposable mail tempbox-post.net"),
    _7("rule_cleansing__mail_domains", "DOM-001", rule_id="DOM-902", domain="ourhouse.cn", label_zh="个人邮箱 ourhouse.cn",
       label_en="Free mail ourhouse.cn"),
    _7("rule_cleansing__mail_domains", "DOM-004", status="retired"),
    _7("rule_cleansing__company_suffixes", "SFX-034", rule_id="SFX-901", suffix="合作社", label_zh="合作社", label_en="Cooperative"),
    _7("rule_cleansing__places", "PLC-109", rule_id="PLC-901", spellings="港城", province="浙江", city="宁波", label_zh="宁波", label_en="Ningbo"),
    _7("rule_cleansing__places", "PLC-109", rule_id="PLC-902", spellings="suzhou|苏州", province="安徽", city="宿州", label_zh="宿州", label_en="Suzhou, Anhui"),
    _7("rule_cleansing__identity_keys", "IDN-006", trust="75"),
    _10("exceptions", "EXC-001", exception_id="EXC-901", pattern="^[+]8613812340007$", comment="The number of the front desk"),
    _10("exceptions", "EXC-001", exception_id="EXC-902", rule_id="CLN-002", pattern="^测试科技", comment="A maker of test instruments"),
    _11("rule_cleansing__verdicts", "CLN-301", status="retired"),
    _11("rule_cleansing__touch_types", "TCH-007", rule_id="TCH-901", event_type="calculator_used", label_zh="使用计算器", label_en="Calculator used"),
    _12("rule_scoring__need", "NED-041", rule_id="NED-901", qualifier="event_registration", points="15", label_zh="活动报名", label_en="Event sign-up"),
    _12("rule_scoring__engagement_patterns", "ENG-101", rule_id="ENG-901", window_days="7", min_value="2", max_value="2", points="4",
        label_zh="一周内2天活跃", label_en="Active on 2 days in 7"),
    _12("rule_scoring__engagement", "ENG-006", points="20", cap_points="60"),
    _12("rule_tagging__product_interest", "TAG-566", rule_id="TAG-977", attribute="custom:budget_scope", argument="年度", priority="5",
        label_zh="年度预算", label_en="Yearly budget"),
    _12("rule_tagging__job_level", "TAG-148", rule_id="TAG-978", argument="采购经理", priority="1", label_zh="采购", label_en="Purchasing"),
    _14("rule_scoring__fit", "FIT-091", points="12"),
]  # fmt: skip


def write_rules(folder: Path, number: int) -> None:
    """Write the own rules as they stand on a day: files with every row appended so far."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {row.file for row in RULE_ROWS if row.written_on <= number}
    for name in names:
        default = next(SEEDS.rglob(f"{name}.csv"))
        table = list(csv.DictReader(io.StringIO(default.read_text(encoding="utf-8"))))
        key = "exception_id" if name == "exceptions" else "rule_id"
        appended: list[Row] = []
        for row in RULE_ROWS:
            if row.file == name and row.written_on <= number:
                like = [other for other in [*table, *appended] if other[key] == row.like][-1]
                appended.append(like | row.cells | {"valid_from": day(row.holds_from).isoformat()})
        text = io.StringIO()
        writer = csv.DictWriter(text, list(table[0]), lineterminator="\n")
        writer.writeheader()
        # Own exceptions stand below the default ones; a rule file says everything of its kind.
        writer.writerows(appended if name == "exceptions" else [*table, *appended])
        (folder / default.name).write_text(text.getvalue(), encoding="utf-8")
