"""The default rules say what they should, to the words that people and systems really write."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion.contracts import load_contracts
from orchestration.rules import meanings
from orchestration.rules.files import load_rule_files

ROOT = Path(__file__).resolve().parents[2]
WORDS = ROOT / "orchestration" / "demo" / "words"
MODELS = ROOT / "dbt_project" / "models" / "rules"
TAG_RULES = MODELS / "tagging" / "rul_tagging__tag_rules.sql"


@pytest.fixture(scope="module")
def files():
    found, problems = load_rule_files(ROOT / "seeds")
    assert not problems
    return found


@pytest.fixture(scope="module")
def terms(files):
    found: dict[str, set[str]] = {}
    for row in files["vocabulary_terms"].rows:
        found.setdefault(row["vocabulary"], set()).add(row["code"])
    return found


@pytest.fixture(scope="module")
def tag(files):
    """Tag a text as the warehouse does: the smallest (priority, rule_id) of the group wins."""
    connection = duckdb.connect(":memory:")

    def first_tag(name: str, attribute: str, text: str) -> str | None:
        value = text.strip().lower()
        rows = [row for row in files[name].rows if row["attribute"] == attribute]
        for row in sorted(rows, key=lambda row: (int(row["priority"]), row["rule_id"])):
            argument = row["argument"]
            if row["match_kind"] == "equals":
                hit = value == argument
            elif row["match_kind"] == "contains":
                hit = argument in value
            else:
                hit = connection.execute("select regexp_matches($1, $2)", [value, argument]).fetchone()[0]
            if hit:
                return row["tag"]
        return None

    return first_tag


def is_tag_rules(file) -> bool:
    """Tell whether the file has the shape that rul_tagging__tag_rules reads."""
    return {"match_kind", "tag_group", "tag"} <= file.columns.keys()


def words(name: str) -> list[dict[str, str]]:
    with (WORDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_rule_file_is_read_and_listed(files):
    """A rule row that nothing reads is a lie: each file has its model, and rul_all_rules lists them all.

    Files of the tag-rule shape have one model together.
    """
    listed = (MODELS / "rul_all_rules.sql").read_text("utf-8")
    tag_rules = TAG_RULES.read_text("utf-8")
    for name, file in files.items():
        if not name.startswith("rule_"):
            continue
        if is_tag_rules(file):
            assert f"ref('{name}')," in tag_rules, name
            continue
        model = next(MODELS.rglob(f"rul_{name.removeprefix('rule_')}.sql"), None)
        assert model and f"ref('{name}')" in model.read_text("utf-8"), name
        assert f"(ref('{model.stem}'), '{name}')" in listed, name


def test_every_rule_model_is_read_by_a_layer(files):
    project = ROOT / "dbt_project"
    readers = [*(project / "macros").rglob("*.sql")]
    readers += [path for path in (project / "models").rglob("*.sql") if path.relative_to(project).parts[1] != "rules"]
    readers += [TAG_RULES, MODELS / "sla" / "rul_sla__business_days.sql"]
    text = "\n".join(path.read_text("utf-8") for path in readers)
    models = {
        "rul_tagging__tag_rules" if is_tag_rules(file) else f"rul_{name.removeprefix('rule_')}"
        for name, file in files.items()
        if name.startswith("rule_")
    }
    # What goes to whom is read from dim_rules (orchestration/notifying).
    models -= {"rul_anomaly__notifications"}
    assert not [model for model in models if f"ref('{model}')" not in text]


def test_models_read_all_columns_of_their_file(files):
    for file in files.values():
        if not file.name.startswith("rule_"):
            continue
        if is_tag_rules(file):
            [shape] = re.findall(r"set shape = \[(.*?)\]", TAG_RULES.read_text("utf-8"))
            assert re.findall(r"'(\w+)'", shape) == file.payload, file.name
            continue
        model = next(MODELS.rglob(f"rul_{file.name.removeprefix('rule_')}.sql")).read_text("utf-8")
        assert re.findall(r"'(\w+)'", model.split("[", 1)[1]) == file.payload, file.name


def test_closed_lists_and_vocabulary_agree(terms):
    assert set(meanings.CONDITIONS) == terms["lifecycle_condition"]
    assert set(meanings.PRIORITY_METRICS) == terms["priority_metric"]
    assert set(meanings.SEGMENT_METRICS) == terms["segment_metric"]
    assert set(meanings.ACCOUNT_AGGREGATIONS) == terms["account_aggregation"]
    assert set(meanings.SIGNAL_VOCABULARY) == terms["signal_kind"]
    assert set(meanings.FEEDBACK_QUALIFIER) == terms["feedback_field"]
    assert set(meanings.TOUCH_QUALIFIER) | set(meanings.TOUCH_MEASURE) <= terms["touch"]
    assert terms["feed"] == set(load_contracts().feeds)


def test_tag_groups_have_their_tags_as_vocabulary(files, terms):
    groups = {row["tag_group"] for row in files["tag_groups"].rows}
    assert groups == terms["tag_group"]
    assert groups <= terms.keys()


def test_touches_are_terms(files, terms):
    made = {f"{row['channel']}.{row['touch_type']}" for row in files["rule_cleansing__touch_types"].rows}
    assert made == terms["touch"]


def test_every_event_of_the_contracts_is_a_touch(files):
    """The words in the description of an event column are the ones that feeds deliver."""
    made = {(row["feed"], row["event_type"]) for row in files["rule_cleansing__touch_types"].rows}
    columns = {"chat_messages": "sender_side", "sales_activities": "outcome"}
    not_touches = {"customer_events"}
    missing = []
    for feed in load_contracts().feeds.values():
        name = columns.get(feed.name, "event_type")
        if name not in feed.column_names or feed.name in not_touches:
            continue
        described = feed.column(name).description
        missing += [(feed.name, word) for word in re.split(r", | or |; ", described) if (feed.name, word) not in made]
    assert not missing


@pytest.mark.parametrize("row", words("pages"), ids=lambda row: row["path"])
def test_pages_of_the_demo(tag, row):
    expected = None if row["page_group"] == "other" else row["page_group"]
    for address in (row["path"], f"https://www.chengfan.example{row['path']}", f"https://www.chengfan.example/en{row['path']}?utm_source=x"):
        assert tag("rule_tagging__pages", "page_url", address) == expected, address


@pytest.mark.parametrize("row", words("forms") + words("site_forms_en"), ids=lambda row: row["form_name"])
def test_forms_of_the_demo(tag, row):
    assert tag("rule_tagging__form_purpose", "form_name", row["form_name"]) == row["form_purpose"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("我们今年没有预算", "budget_none"), ("我们没有200万的预算", "budget_none"), ("预算今年没有了", "budget_none"),
        ("这个是没有预算的", "budget_none"), ("客户不是没有预算", None), ("有没有预算", None), ("预算没有问题", None),
        ("预算200万没有问题", "budget_confirmed"), ("没问题，预算批了", "budget_confirmed"), ("没问题预算批了", "budget_confirmed"),
    ],
)  # fmt: skip
def test_no_budget_is_not_no_problem_with_the_budget(said, expected):
    """R34: of the facts of one group that a sentence matches, the smallest (priority, rule_id) counts."""
    path = ROOT / "seeds" / "rules" / "tagging" / "rule_tagging__call_facts.csv"
    found = duckdb.execute(
        f"""
        select fact_kind from read_csv('{path}', all_varchar = true)
        where fact_group = 'budget' and status = 'active' and regexp_matches(?, pattern)
        order by priority::int, rule_id
        """,
        [said],
    ).fetchall()
    assert (found[0][0] if found else None) == expected


@pytest.mark.parametrize("row", words("industries"), ids=lambda row: row["industry_code"])
def test_industries_by_code_and_by_words(tag, row):
    code = row["industry_code"]
    expected = "gb_c27" if code == "C27" else f"gb_{code[0].lower()}"
    for spelling in (code, code[1:], code + "10"):
        assert tag("rule_tagging__industry", "industry_code", spelling) == expected
    assert tag("rule_tagging__industry", "industry_text", row["industry_text"]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IT/通信/电子/互联网", "gb_i"), ("生产", "gb_c"), ("金融业", "gb_j"), ("其他", None),
        ("Computer Software", "gb_i"), ("PHARMACEUTICALS", "gb_c27"), ("Machinery", "gb_c"), ("Banking", "gb_j"),
        ("Not For Profit", "gb_s"), ("Food & Beverage", "gb_c"), ("医疗器械制造", "gb_c"), ("医药制造业", "gb_c27"),
    ],
)
def test_industry_words_of_crms(tag, text, expected):
    assert tag("rule_tagging__industry", "industry_text", text) == expected


PRODUCTS = {"MA": "marketing_automation", "SCRM": "scrm", "LEAD": "lead_management", "EVENT": "event_management",
            "CDP": "cdp", "CONTENT": "content_center"}


@pytest.mark.parametrize("row", words("products"), ids=lambda row: row["product_code"])
def test_products_of_the_demo(tag, row):
    for spelling in (row["product_zh"], row["product_en"]):
        assert tag("rule_tagging__product_interest", "product_interest_text", spelling) == PRODUCTS[row["product_code"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("官网注册", "website"), ("搜索引擎", "paid_search"), ("微信公众号", "wechat"), ("线上研讨会", "webinar"),
        ("展会", "trade_fair"), ("展会资源", "trade_fair"), ("资料下载", "content"), ("老客户转介绍", "referral"),
        ("名单导入", "list_import"), ("主动外呼", "outbound"), ("陌拜", "outbound"), ("渠道伙伴", "partner"),
        ("电话咨询", "phone_inquiry"), ("促销活动", "promotion"),
        ("organic_search", "organic_search"), ("paid_search", "paid_search"), ("social", "social"),
        ("direct_traffic", "direct"), ("email", "email"), ("referral", "referral"), ("display", "display_ads"),
        ("other_publicities", "public_relations"), ("other", "other"), ("unknown", None),
        ("Organic Search", "organic_search"), ("Paid Social", "paid_social"), ("Email Marketing", "email"),
        ("Google", "organic_search"), ("Pay per Click Ads", "paid_search"), ("Direct Traffic", "direct"),
        ("Partner Referral", "partner"), ("Word of mouth", "referral"), ("Trade Show", "trade_fair"),
        ("Seminar - Internal", "webinar"), ("Cold Call", "outbound"), ("Purchased List", "list_import"),
        ("Advertisement", "display_ads"), ("Phone Inquiry", "phone_inquiry"), ("Web", "website"),
    ],
)
def test_sources_in_the_words_of_crms(tag, text, expected):
    assert tag("rule_tagging__source_channel", "source_channel_text", text) == expected


def test_every_province_has_one_region_in_every_spelling(files, tag):
    for row in files["rule_cleansing__places"].rows:
        if row["place_kind"] == "province":
            regions = {tag("rule_tagging__region", "province", text) for text in row["spellings"].split("|")}
            assert len(regions) == 1 and None not in regions, (row["spellings"], regions)


@pytest.mark.parametrize(
    ("attribute", "text", "expected"),
    [
        ("province", "陕西省", "northwest_china"), ("province", "山西省", "north_china"), ("province", "Shaanxi", "northwest_china"),
        ("province", "Shanxi", "north_china"), ("province", "内蒙古自治区", "north_china"), ("province", "海外", "overseas"),
        ("country", "Germany", "overseas"), ("country", "中国", None), ("country", "Hong Kong", "hk_mo_tw"), ("country", "US", "overseas"),
    ],
)
def test_regions(tag, attribute, text, expected):
    assert tag("rule_tagging__region", attribute, text) == expected


def test_a_spelling_names_one_place(files):
    seen: dict[tuple[str, str], str] = {}
    for row in files["rule_cleansing__places"].rows:
        for spelling in row["spellings"].split("|"):
            assert spelling == spelling.lower()
            assert seen.setdefault((row["place_kind"], spelling), row["rule_id"]) == row["rule_id"], spelling
    cities = {row["city"]: row["province"] for row in files["rule_cleansing__places"].rows if row["place_kind"] == "city"}
    assert all(cities[row["city"]] == row["province"] for row in words("cities"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三个月内", "within_3_months"), ("3个月内", "within_3_months"), ("半年内", "within_6_months"), ("3-6个月", "within_6_months"),
        ("一年内", "within_12_months"), ("一年以上", "later"), ("暂无计划", "later"), ("Within 3 months", "within_3_months"),
        ("more than 12 months", "later"), ("within 6 months", "within_6_months"),
    ],
)
def test_purchase_timelines(tag, text, expected):
    assert tag("rule_tagging__purchase_timeline", "purchase_timeline_text", text) == expected


@pytest.mark.parametrize(
    ("attribute", "text", "expected"),
    [
        ("job_title", "研究生", "student_or_job_seeker"), ("job_title", "医学生物学工程师", None), ("job_title", "市场总监", None),
        ("company_name", "个人", "no_company"), ("company_name", "无", "no_company"), ("company_name", "无锡恒达电气", None),
        ("company_name", "个人护理用品有限公司", None), ("company_name", "Leadpeak Software Ltd", "competitor"),
        ("email_domain", "yunji-zy.example", "competitor"), ("email_domain", "chengfan.example", "own_employee"),
    ],
)
def test_exclusions(tag, attribute, text, expected):
    assert tag("rule_tagging__exclusion", attribute, text) == expected


@pytest.mark.parametrize(
    ("attribute", "text", "caught"),
    [
        ("person_name", "测试", True), ("person_name", "test01", True), ("person_name", "=cmd()", True), ("person_name", "asdf", True),
        ("person_name", "陈立", False), ("person_name", "tessa", False), ("person_name", "demosthenes", False), ("person_name", "Anna Keller", False),
        ("company_name", "ASDF公司", True), ("company_name", "测试公司", True), ("company_name", "华测检测", False),
        ("company_name", "深圳测试仪器有限公司", False), ("email", "test@qq.com", True), ("email", "chen.li@hengchuan.example", False),
        ("phone", "11111111", True), ("phone", "0512-66778899", False), ("mobile", "13812345678", True), ("mobile", "12012341234", True),
        ("mobile", "13851687422", False),
    ],
)
def test_dirt_and_what_only_looks_like_it(files, attribute, text, caught):
    connection = duckdb.connect(":memory:")
    value, hits = text.lower(), []
    for row in files["rule_cleansing__verdicts"].rows:
        if row["feed"] == "crm_leads" and row["attribute"] == attribute and row["check_kind"] in ("regex", "not_regex"):
            matched = connection.execute("select regexp_matches($1, $2)", [value, row["argument"]]).fetchone()[0]
            if matched == (row["check_kind"] == "regex"):
                hits.append(row["rule_id"])
    assert bool(hits) == caught, hits


def test_fit_rows_exist_for_the_tags_that_score(files, terms):
    """A tag of a scoring group without a row would be silently worth nothing."""
    scored: dict[str, set[str]] = {}
    for row in files["rule_scoring__fit"].rows:
        scored.setdefault(row["tag_group"], set()).add(row["tag"])
    without = {group: terms[group] - tags - {"unknown"} for group, tags in scored.items()}
    named_without_points = {"department": {"quality", "supply_chain", "hr", "legal", "administration", "strategy", "customer_service"},
                            "decision_role": {"champion", "blocker"},
                            # Rejected before anybody scores them (CLN-271).
                            "mail_domain_kind": {"blacklisted"}}
    assert {group: tags for group, tags in without.items() if tags} == named_without_points


def test_full_marks_of_company_fit_are_what_its_groups_can_bring(files):
    """R18: a company that is best in every group has full marks, and no other."""
    [rule] = [row for row in files["rule_scoring__account"].rows if row["aggregation"] == "account_facts"]
    best = {row["tag_group"]: int(row["group_cap"]) for row in files["rule_scoring__fit"].rows}
    assert int(rule["full_marks"]) == sum(best[group] for group in rule["argument"].split("|"))


def test_every_segment_of_companies_has_a_committee(files):
    segments = {row["segment"] for row in files["rule_tagging__segment"].rows} - {"b2c"}
    assert segments == {row["segment"] for row in files["rule_scoring__committee"].rows}


def test_every_file_is_in_the_handbook(files):
    handbook = (ROOT / "docs" / "rules.md").read_text("utf-8")
    missing = [name for name in files if f"`{name}`" not in handbook]
    assert not missing
