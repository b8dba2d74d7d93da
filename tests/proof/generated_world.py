"""A company of many leads whose dates lie where day-ends, windows, half lives and rules begin and end; from a seed.

The last day-ends are 28 and 29 February and 1 March 2028. Ages that matter are those at which something in the default rules or in a
generated rule set begins or ends; minutes that matter are the last before midnight (the end of a business day), midnight, the last
before six (the cut-off) and six.
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from typing import Any

from world import Story

LAST = date(2028, 3, 1)
EDGES = [0, 1, 2, 6, 7, 8, 13, 14, 15, 20, 29, 30, 31, 45, 59, 60, 61, 89, 90, 91, 140, 141, 210, 300, 301, 366, 600, 601, 1461]
MINUTES = [time(0, 0), time(0, 1), time(5, 59), time(6, 0), time(12, 0), time(23, 59)]
KNOWN_LATER = [timedelta(minutes=1)] * 6 + [timedelta(hours=6), timedelta(days=1), timedelta(days=2), timedelta(days=40)]

COMPANIES = 130
INDUSTRIES = ["C34", "C27", "I65", "G58", "J66", "P83", "A01", "S94", None]
PROVINCES = ["江苏", "广东", "北京", "四川", "辽宁", "陕西", "湖北", "香港", None]
TITLES = ["总经理", "市场总监", "采购经理", "财务总监", "IT经理", "专员", "CEO", "Head of Marketing", "实习生", "副总经理", "董事长", None]
PAGES = ["/", "/pricing", "/products/a", "/cases/b", "/blog/c", "/careers", "/compare/d", "/docs/e", "/solutions/manufacturing", "/security"]
FORMS = ["demo_request", "trial_request", "quote_request", "contact_us", "content_gate", "newsletter"]
NEEDS = ["希望尽快了解营销自动化平台,线索太散,需要与ERP集成,预算已批", "了解一下", "没有需求", "a" * 19, "b" * 20, "招标中,月底前报价", None]
QUOTES = ["我们现在线索太散,跟进不及时", "三个月内要采购", "预算已经批了", "今年没有预算", "需要和ERP对接", "价格怎么样", "我说了算", "明年再说"]
WEB = [("page_view", None, [None]), ("session", "duration_seconds", [179, 180, 181]), ("video_play", "completion_pct", [49, 50, 89, 90]),
       ("return_visit", "gap_days", [6, 7, 8]), ("site_search", None, [None]), ("roi_calculator", None, [None])]  # fmt: skip
EVENTS = [("webinar", "registered", None), ("webinar", "attended_live", 19), ("webinar", "attended_live", 20), ("webinar", "no_show", None),
          ("offline", "attended", None), ("offline", "booth_talk", None), ("offline", "no_show", None), ("webinar", "question_asked", None)]  # fmt: skip


class World:
    """Rows by feed, as `tests/scenarios/world.py` delivers them."""

    def __init__(self, leads: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.rows: dict[str, list[dict[str, Any]]] = {}
        for number in range(leads):
            self._lead(number)

    def story(self) -> Story:
        """The world as one story that expects nothing by itself."""
        return Story("generated", "Generated leads", ["R15"], self.rows, [])

    def _moment(self, oldest: date = date(2023, 1, 1)) -> datetime:
        """A moment at an edge: an age that matters before one of the last day-ends, or a leap day, at a minute that matters."""
        chance = self.random.random()
        if chance < 0.06:
            day = date(2024, 2, 29)
        elif chance < 0.45:
            day = LAST - timedelta(days=self.random.randint(0, 3))
        else:
            day = LAST - timedelta(days=self.random.choice(EDGES) + self.random.randint(0, 2))
        return datetime.combine(max(day, oldest), self.random.choice(MINUTES))

    def _add(self, feed: str, happened: str, moment: datetime, **values: Any) -> None:
        known = moment + self.random.choice(KNOWN_LATER)
        row = {happened: str(moment), "known_at": str(known)} | {name: value for name, value in values.items() if value is not None}
        self.rows.setdefault(feed, []).append(row)

    def _lead(self, number: int) -> None:
        choose, chance = self.random.choice, self.random.random
        created = self._moment()
        company = self.random.randrange(COMPANIES)
        person: dict[str, Any] = {
            "lead_id": f"g{number}",
            "person_name": f"Person {number}",
            "company_name": f"公司{company}号有限公司" if chance() < 0.85 else None,
            "job_title": choose(TITLES),
            "email": f"person{number}@{choose(['qq.com', f'company{company}.cn', 'guerrillamail.com', 'lingxi-cloud.example'])}" if chance() < 0.7 else None,
            "mobile": f"139{number:08d}" if chance() < 0.6 else None,
            "industry_code": choose(INDUSTRIES),
            "headcount": choose([None, 9, 20, 99, 100, 300, 999, 1000, 5000]),
            "annual_revenue_wan": choose([None, 299, 300, 1999, 2000, 39999, 40000, 100000]),
            "province": choose(PROVINCES),
            "budget_wan": choose([None, None, 1, 9, 10, 99, 100, 500]),
            "purchase_timeline": choose([None, "三个月内", "半年", "一年以上"]),
            "decision_process": choose([None, None, "招标", "总部决策", "委员会"]),
            "product_interest": choose([None, "营销自动化", "线索评分", "内容中心"]),
            "need_description": choose(NEEDS),
            "source_channel": choose([None, "百度推广", "官网", "展会"]),
        }
        known = created + timedelta(minutes=1)
        self._record(person, created, known)
        if chance() < 0.25:
            # The CRM learns something, on one of the last days: an attribute, or a key that belongs to somebody else.
            changed = choose(["job_title", "headcount", "province", "mobile", "budget_wan", "company_name", "email"])
            value = {
                "job_title": choose(TITLES[:6]), "headcount": choose([50, 100, 1000]), "province": "浙江", "budget_wan": choose([10, 100]),
                "mobile": f"139{self.random.randrange(max(number, 1)):08d}", "company_name": f"公司{self.random.randrange(COMPANIES)}号",
                "email": f"person{self.random.randrange(max(number, 1))}@qq.com",
            }[changed]  # fmt: skip
            learnt = datetime.combine(LAST - timedelta(days=self.random.randint(0, 2)), choose(MINUTES)) + timedelta(hours=6)
            self._record(person | {changed: value}, created, max(learnt, known + timedelta(minutes=1)))
        for _ in range(int(self.random.expovariate(1 / 7))):
            self._touch(f"g{number}", person)
        if chance() < 0.2:
            self._add("sales_feedback", "given_at", self._moment(), lead_ref=f"g{number}", rep_ref="R1", outcome=choose(["accepted", "rejected"]),
                      intent_clarity=choose(["clear", "partly", "unclear"]), urgency=choose(["high", "medium", "low"]),
                      reject_reason=choose([None, "no_need", "no_budget", "wrong_timing"]))  # fmt: skip
        if chance() < 0.2:
            at = self._moment()
            self._add("crm_opportunities", "created_at", at, opportunity_id=f"o{number}", lead_ref=f"g{number}", stage=choose(["open", "proposal", "lost", "won"]),
                      stage_changed_at=str(at + timedelta(days=self.random.choice([0, 1, 2]))))  # fmt: skip

    def _record(self, person: dict[str, Any], created: datetime, known: datetime) -> None:
        values = {name: value for name, value in person.items() if value is not None}
        self.rows.setdefault("crm_leads", []).append({"created_at": str(created), "known_at": str(known)} | values)

    def _touch(self, lead: str, person: dict[str, Any]) -> None:
        choose, at = self.random.choice, self._moment()
        kind = choose(["web", "web", "web", "form", "content", "wechat", "wecom", "event", "message", "call", "our call", "customer"])
        again = 1 if self.random.random() < 0.8 else self.random.randint(2, 4)
        for _ in range(again):
            if kind == "web":
                event, measure, values = choose(WEB)
                page = choose(PAGES) if event == "page_view" else None
                self._add("web_events", "occurred_at", at, event_type=event, lead_ref=lead, page_url=page, **({measure: choose(values)} if measure else {}))
            elif kind == "form":
                self._add("form_submissions", "submitted_at", at, form_purpose=choose(FORMS), lead_ref=lead, message=choose(NEEDS))
            elif kind == "content":
                event = choose(["download", "read_online"])
                self._add("content_downloads", "occurred_at", at, event_type=event, content_ref=choose(["problem", "info", "solution", "buy", "none"]),
                          lead_ref=lead, completion_pct=choose([69, 70, 100]) if event == "read_online" else None)  # fmt: skip
            elif kind == "wechat":
                event = choose(["subscribe", "unsubscribe", "article_read", "article_share", "menu_click", "message_sent"])
                self._add("wechat_events", "occurred_at", at, event_type=event, lead_ref=lead, content_ref=choose(["solution", None]),
                          menu_name=choose(["联系我们", "产品"]) if event == "menu_click" else None)  # fmt: skip
            elif kind == "wecom":
                event = choose(["contact_added", "contact_deleted_us", "message_received", "message_sent", "group_joined"])
                self._add("wecom_events", "occurred_at", at, event_type=event, lead_ref=lead,
                          added_by=choose(["customer", "employee"]) if event == "contact_added" else None)  # fmt: skip
            elif kind == "event":
                event_format, event, minutes = choose(EVENTS)
                self._add("event_participations", "occurred_at", at, event_ref="E1", event_format=event_format, event_type=event, lead_ref=lead,
                          minutes=minutes, person_name=person["person_name"] if event == "registered" else None)  # fmt: skip
            elif kind == "message":
                self._add("message_events", "occurred_at", at, message_channel="email", lead_ref=lead,
                          event_type=choose(["opened", "clicked", "replied", "unsubscribed", "hard_bounced"]))  # fmt: skip
            elif kind == "call":
                said = "\n".join(f"客户: {quote}" for quote in self.random.sample(QUOTES, 2)) if self.random.random() < 0.6 else None
                self._add("sales_activities", "occurred_at", at, activity_type="call", outcome=choose(["connected", "inbound", "refused"]), rep_ref="R1",
                          lead_ref=lead, duration_seconds=choose([59, 60, 299, 300]), transcript=said)  # fmt: skip
            elif kind == "our call":
                self._add("sales_activities", "occurred_at", at, activity_type="call", outcome="no_answer", rep_ref="R1", lead_ref=lead)
            else:
                self._add("customer_events", "occurred_at", at, event_type="nps_answered", lead_ref=lead, score=choose([5, 9, 10]))


def content_items() -> dict[str, list[dict[str, Any]]]:
    """The catalogue, known from the beginning."""
    stages = {"problem": "problem_recognition", "info": "information_search", "solution": "solution_evaluation", "buy": "purchase_decision"}
    return {
        "content_items": [
            {"content_id": name, "title": name, "decision_stage": stage, "published_at": "2023-01-01 00:00:00"} for name, stage in stages.items()
        ]
    }
