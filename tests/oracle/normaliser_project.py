"""The macros of dbt_project as a function of values: a small dbt project runs them over a table of values in one statement each."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from orchestration.warehouse.dbt import Dbt

ROOT = Path(__file__).resolve().parents[2]
NORMALISERS = {
    "clean_text": "cleaned",
    "simplified": "{{ simplified('cleaned') }}",
    "email": "{{ normal_email('cleaned') }}",
    "mailbox": "{{ mailbox_of(normal_email('cleaned')) }}",
    "phone": "{{ normal_phone('cleaned') }}",
    "credit_code": "{{ normal_credit_code('cleaned') }}",
    "domain": "{{ web_domain('cleaned') }}",
    "company": "{{ company_key('cleaned', \"cast('2026-11-20' as date)\") }}",
    "person": "{{ person_name_key('cleaned') }}",
    "province": "{{ place_in('lower(' ~ simplified('cleaned') ~ ')', 'province') }}",
    "city": "{{ place_in('lower(' ~ simplified('cleaned') ~ ')', 'city') }}",
}
PROJECT = """
name: leadhouse
config-version: 2
profile: leadhouse
model-paths: [models]
macro-paths: [macros]
flags: {send_anonymous_usage_stats: false}
models: {leadhouse: {+materialized: table}}
"""
PROFILE = """
leadhouse:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: "{{ env_var('LEADHOUSE_HOME') }}/warehouse.duckdb", threads: 1}
"""
MODEL = """
with cleaned as (
    select value_id, {{{{ clean_text('value') }}}} as cleaned
    from read_parquet('{values}')
)
select value_id, {expression} as found from cleaned
"""


# The default rules as they stand, without the project's own way to them.
SUFFIXES = """
select suffix, status, valid_from, cast('9999-12-31' as date) as valid_to
from read_csv('{seeds}/rules/cleansing/rule_cleansing__company_suffixes.csv', types = {{'valid_from': 'date'}})
"""
PLACES = """
select place_kind, trim(unnest(string_split(spellings, '|'))) as spelling
from read_csv('{seeds}/rules/cleansing/rule_cleansing__places.csv')
"""


class NormaliserProject:
    """Runs the normalisers on lists of values."""

    def __init__(self, folder: Path, seeds: Path = ROOT / "seeds") -> None:
        self.folder = folder
        (folder / "project" / "models").mkdir(parents=True)
        shutil.copytree(ROOT / "dbt_project" / "macros", folder / "project" / "macros")
        (folder / "project" / "dbt_project.yml").write_text(PROJECT, encoding="utf-8")
        (folder / "project" / "profiles.yml").write_text(PROFILE, encoding="utf-8")
        for name, rows in (("rul_cleansing__company_suffixes", SUFFIXES), ("int_cleansing__place_spellings", PLACES)):
            (folder / "project" / "models" / f"{name}.sql").write_text(rows.format(seeds=seeds), encoding="utf-8")
        for name, expression in NORMALISERS.items():
            model = MODEL.format(values=folder / f"{name}.parquet", expression=expression)
            (folder / "project" / "models" / f"normal_{name}.sql").write_text(model, encoding="utf-8")
        self.dbt = Dbt(folder / "project", folder / "home")

    def run(self, values: dict[str, list[str]]) -> dict[str, list[str | None]]:
        """The normal forms of values, by normaliser and in the order given."""
        with duckdb.connect() as con:
            for name, texts in values.items():
                con.execute("create or replace table given (value_id bigint, value varchar)")
                con.execute("insert into given select unnest(range(len($1))), unnest($1)", [texts])
                con.execute(f"copy given to '{self.folder}/{name}.parquet'")
        built = self.dbt.build(["--select", *[f"+normal_{name}" for name in values]])
        assert built.is_green, built.explanation()
        with duckdb.connect(str(self.folder / "home" / "warehouse.duckdb"), read_only=True) as con:
            return {
                name: [row[0] for row in con.execute(f"select found from normal_{name} order by value_id").fetchall()]
                for name in values
            }
