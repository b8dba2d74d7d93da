"""The ready connections read small exports as HubSpot, Salesforce, Zoho and 悟空CRM write them."""

from __future__ import annotations

import io
import json
import shutil
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest

from orchestration.ingestion.run import check_connections
from orchestration.paths import connections_dir

TEMPLATES = connections_dir() / "templates"

HUBSPOT = (
    "\ufeffRecord ID,First Name,Last Name,Email,Phone Number,Job Title,Company Name,Associated Company,Contact owner,"
    "Lifecycle Stage,Lead Status,Create Date,Original Source,Country/Region,Number of Pageviews,HubSpot Score\n"
    "101,Ada,Lovelace,ada@engine.example,+44 20 7946 0000,CTO,Engine Ltd,Engine Ltd,Wang Fang,"
    "marketingqualifiedlead,OPEN_DEAL,2024-03-12 09:14,Organic Search,United Kingdom,12,40\n"
    "102,,Li,li@firm.example,,,,,(No value),Lead,New,3/15/2024 2:30 PM,Offline Sources,China,0,\n"
)

SALESFORCE_REPORT = (
    '"Lead Owner","First Name","Last Name","Title","Company / Account","Email","Phone","Mobile","Industry",'
    '"Annual Revenue","Lead Source","Lead Status","Rating","Create Date","Lead ID"\r\n'
    '"Fang Wang","Ada","Lovelace","CTO","Engine, Ltd","ada@engine.example","","","Manufacturing",'
    '"$1,250,000","Web","Open - Not Contacted","Hot","3/12/2024","00Q1"\r\n'
    '"Fang Wang","","Li","-","Copyright (c) Works","li@firm.example","","","","","Trade Show","Working","",'
    '"3/13/2024","00Q2"\r\n'
    "\r\n"
    '"Grand Totals (2 records)"\r\n'
    '"Confidential Information - Do Not Distribute"\r\n'
    '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\r\n'
)

DATA_LOADER = (
    "Id,LastName,Company,LeadSource,Status,CreatedDate,IsConverted,ConvertedDate,HasOptedOutOfEmail,DoNotCall\n"
    "00Q1,Lovelace,Engine Ltd,Web,Open,2024-03-12T09:14:00.000Z,false,,true,false\n"
)

ZOHO = "\n".join(
    json.dumps(lead)
    for lead in (
        {
            "id": "900719925474099301",
            "Owner": {"name": "Wang Fang", "id": "1", "email": "fang@us.example"},
            "First_Name": "Ada",
            "Last_Name": "Lovelace",
            "Company": "Engine Ltd",
            "Lead_Source": "-None-",
            "No_of_Employees": 250,
            "Annual_Revenue": 1250000,
            "Email_Opt_Out": True,
            "Created_Time": "2024-03-12T17:14:00+08:00",
        },
        {"id": "2", "Last_Name": "Li", "Owner": None, "Created_Time": "2024-03-12T09:14:00+00:00"},
    )
)

WUKONG_CONTACTS = (
    "姓名,客户名称,手机,电话,职务,是否关键决策人,备注,负责人,创建人,创建时间,更新时间\n"
    "张三,华东机械有限公司,13800138000,,总经理,是,展会认识,王芳,王芳,2024-03-12 17:14:00,2024-03-13 08:00:00\n"
    "李四,华东机械有限公司,-,021-5555,采购,否,,王芳,王芳,2024/3/12 17:20,\n"
)


def use(house, template: str) -> None:
    shutil.copy(TEMPLATES / f"{template}.yml", house.connections / f"{template}.yml")


def test_every_template_is_a_right_connection(house):
    assert len(list(TEMPLATES.glob("*.yml"))) == 6
    assert check_connections(TEMPLATES, house.home) == []


def test_hubspot_contacts_with_two_date_formats_in_one_file(house):
    use(house, "hubspot_contacts")
    house.deliver("hubspot/contacts_2024-03.csv", HUBSPOT.encode())
    receipt = house.one()
    assert (receipt.stored, receipt.rejected) == (2, 0)
    columns = "lead_id, person_name, crm_status, crm_substatus, owner_ref, created_at, unparsed_values"
    assert house.rows(columns) == [
        (
            "101",
            "Ada Lovelace",
            "Marketing Qualified Lead",
            "Open Deal",
            "Wang Fang",
            datetime(2024, 3, 12, 1, 14),
            None,
        ),
        ("102", "Li", "Lead", "New", None, datetime(2024, 3, 15, 6, 30), None),
    ]
    assert json.loads(house.rows("custom_attributes")[0][0]) == {
        "HubSpot Score": "40",
        "Number of Pageviews": "12",
    }


def test_a_salesforce_report_without_its_totals(house):
    use(house, "salesforce_lead_report")
    house.deliver("salesforce/report1710230400000.csv", SALESFORCE_REPORT.encode("latin-1"))
    receipt = house.one()
    assert (receipt.records, receipt.stored, receipt.rejected) == (2, 2, 0)
    assert "3 trailer lines" in receipt.message
    assert house.rows("lead_id, person_name, company_name, job_title, annual_revenue_wan, created_at") == [
        ("00Q1", "Ada Lovelace", "Engine, Ltd", "CTO", Decimal("125.00"), datetime(2024, 3, 12, 4)),
        ("00Q2", "Li", "Copyright (c) Works", None, None, datetime(2024, 3, 13, 4)),
    ]


def test_salesforce_leads_by_data_loader(house):
    use(house, "salesforce_leads_data_loader")
    house.deliver("salesforce_api/Lead_2024.csv", DATA_LOADER)
    assert house.one().stored == 1
    assert house.rows("person_name, created_at, email_opt_out, do_not_call, custom_attributes") == [
        ("Lovelace", datetime(2024, 3, 12, 9, 14), True, False, '{"IsConverted":"false"}')
    ]


def test_zoho_leads_as_json_lines(house):
    use(house, "zoho_leads")
    house.deliver("zoho/leads_2024-03-12.jsonl", ZOHO)
    assert house.one().stored == 2
    columns = "lead_id, person_name, owner_ref, source_channel, headcount, annual_revenue_wan, email_opt_out, created_at"
    at = datetime(2024, 3, 12, 9, 14)
    assert house.rows(columns) == [
        ("900719925474099301", "Ada Lovelace", "fang@us.example", None, 250, Decimal("125.00"), True, at),
        ("2", "Li", None, None, None, None, None, at),
    ]


def test_wukong_leads_from_a_workbook(house):
    book = openpyxl.Workbook()
    page = book.active
    page.append(
        [
            "线索名称",
            "线索来源",
            "电话",
            "手机",
            "客户行业",
            "客户级别",
            "备注",
            "负责人",
            "创建人",
            "创建时间",
            "更新时间",
        ]
    )
    page.append(
        [
            "华东机械有限公司 张经理",
            "展会资源",
            None,
            13800138000,
            "生产",
            "A（重点客户）",
            "无",
            "王芳",
            "李雷",
            datetime(2024, 3, 12, 17, 14),
            None,
        ]
    )
    page.append(
        ["李四", "陌拜", "021-5555", None, None, None, None, "王芳", "李雷", "2024-03-12 17:20:00", None]
    )
    buffer = io.BytesIO()
    book.save(buffer)
    use(house, "wukong_leads")
    house.deliver("wukong/线索导出.xlsx", buffer.getvalue())
    assert house.one().stored == 2
    assert house.rows("person_name, company_name, mobile, note, created_at") == [
        ("华东机械有限公司 张经理", "华东机械有限公司", "13800138000", None, datetime(2024, 3, 12, 9, 14)),
        ("李四", None, None, None, datetime(2024, 3, 12, 9, 20)),
    ]
    custom = json.loads(house.rows("custom_attributes")[0][0])
    assert custom == {"客户级别": "A（重点客户）"}


@pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
def test_wukong_contacts_in_gbk(house, encoding):
    use(house, "wukong_contacts")
    house.deliver("wukong/联系人.csv", WUKONG_CONTACTS, encoding)
    assert house.one().stored == 2
    assert house.rows("person_name, company_name, mobile, decision_role, created_at", "crm_contacts") == [
        ("张三", "华东机械有限公司", "13800138000", "decision_maker", datetime(2024, 3, 12, 9, 14)),
        ("李四", "华东机械有限公司", None, "unknown", datetime(2024, 3, 12, 9, 20)),
    ]
