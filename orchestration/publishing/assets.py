"""The published marts and the reports as Dagster assets."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import dagster as dg

from orchestration.house import House
from orchestration.paths import paths
from orchestration.publishing.manifest import last_publication, published_days
from orchestration.publishing.publish import PublishError, publish
from orchestration.reporting.period import completed_since, write_period_report
from orchestration.reporting.report import write_report
from orchestration.warehouse.audit import NotAuditedError, require_audit
from orchestration.warehouse.layers import asset_keys, daily_partitions

SERVING = dg.AssetKey(["serving", "leadhouse"])
REPORT = dg.AssetKey(["serving", "quality_report"])
PERIOD_REPORTS = dg.AssetKey(["serving", "period_reports"])
LANGUAGES = ("zh", "en")


def mart_comments(manifest: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Descriptions of all marts and their columns, from dbt's manifest; key '' is the mart itself."""
    comments: dict[str, dict[str, str]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["schema"] == "marts":
            columns = {name: column["description"] for name, column in node["columns"].items()}
            texts = {"": node["description"], **columns}
            comments[node["name"]] = {name: " ".join(text.split()) for name, text in texts.items() if text}
    return comments


def publishing_assets(manifest: Mapping[str, Any]) -> list[dg.AssetsDefinition]:
    """The serving file and the reports, behind all marts of dbt's manifest."""
    common = {
        "partitions_def": daily_partitions(),
        "backfill_policy": dg.BackfillPolicy.single_run(),
        "required_resource_keys": {"house"},
        "owners": ["team:analytics_engineering"],
    }

    @dg.asset(
        key=SERVING,
        deps=asset_keys(manifest, "marts"),
        group_name="publish",
        kinds={"duckdb", "parquet"},
        description="The marts as readers see them: serving/leadhouse.duckdb and one Parquet file per mart, "
        "written beside the old ones and swapped in when every check has passed.",
        **common,
    )
    def serving(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        house: House = context.resources.house
        try:
            asked, built = context.partition_key_range.end, require_audit(house.home).inputs.as_of_date
            if asked != built:
                raise NotAuditedError(
                    f"The warehouse holds day-end {built}, not {asked}. Materialize all assets."
                )
            with house.progress.stage("publish") as stage:
                publication = publish(house.home, mart_comments(manifest), stage.step, house.seeds_dir)
                stage.result(f"day-end {publication.inputs.as_of_date}, {len(publication.marts)} marts")
        except (NotAuditedError, PublishError) as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        house.publication = publication
        rows = "\n".join(f"| {mart} | {fp.rows} | `{fp}` |" for mart, fp in sorted(publication.marts.items()))
        return dg.MaterializeResult(
            metadata={
                "day_end": publication.inputs.as_of_date,
                "fingerprint": publication.fingerprint,
                "file": dg.MetadataValue.path(paths(house.home).serving_database),
                "marts": dg.MetadataValue.md(f"| mart | rows | fingerprint |\n|---|---|---|\n{rows}"),
            }
        )

    @dg.asset(
        key=REPORT,
        deps=[SERVING],
        group_name="report",
        kinds={"html"},
        description="The quality report of the published day-end, a self-contained page per language.",
        **common,
    )
    def quality_report(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        house: House = context.resources.house
        where = paths(house.home)
        with house.progress.stage("report") as stage:
            files = []
            for language in LANGUAGES:
                stage.step(language)
                files.append(write_report(where.serving_database, where.reports, language))
            stage.result(", ".join(file.name for file in files))
        return dg.MaterializeResult(metadata={file.stem: dg.MetadataValue.path(file) for file in files})

    @dg.asset(
        key=PERIOD_REPORTS,
        deps=[SERVING],
        group_name="report",
        kinds={"html"},
        description="The weekly and the monthly report, written by the first day-end that completes a week "
        "or a month: with the schedule on Monday morning and on the first of the month.",
        **common,
    )
    def period_reports(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        house: House = context.resources.house
        where = paths(house.home)
        publication = last_publication(house.home)
        if publication is None:
            raise dg.Failure("Nothing is published yet.", allow_retries=False)
        as_of = date.fromisoformat(publication.inputs.as_of_date)
        earlier = [day for day in map(date.fromisoformat, published_days(house.home)) if day < as_of]
        kinds = completed_since(max(earlier, default=None), as_of)
        files = []
        if kinds:
            with house.progress.stage("period report") as stage:
                for kind in kinds:
                    for language in LANGUAGES:
                        stage.step(f"{kind} {language}")
                        page = write_period_report(where.serving_database, where.reports, language, kind)
                        files.append(page)
                stage.result(", ".join(file.name for file in files))
        return dg.MaterializeResult(metadata={file.stem: dg.MetadataValue.path(file) for file in files})

    return [serving, quality_report, period_reports]
