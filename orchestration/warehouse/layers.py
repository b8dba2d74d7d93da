"""dbt's layers as Dagster assets: one asset per model and seed, one check per dbt test."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.asset_utils import get_subset_selection_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from orchestration.house import House
from orchestration.paths import paths
from orchestration.progress import Stage
from orchestration.publishing.manifest import told_last
from orchestration.rules.fingerprint import ruleset_hash
from orchestration.warehouse.audit import (
    Audit,
    discard_audit,
    kept_of_last_build,
    rules_stand,
    write_audit,
)
from orchestration.warehouse.day_ends import (
    LakeState,
    Settings,
    day_end_to_compute,
    settings_of_day,
    settings_of_range,
)
from orchestration.warehouse.inputs import Inputs, collect_inputs
from orchestration.warehouse.outcome import BuildOutcome
from orchestration.warehouse.records import hand_over_records

# Seeds, the models on them and their checks: a third of all nodes, the same rows as long as no rule changes.
WITHOUT_RULES = ("--exclude", "resource_type:seed", "path:models/rules")
DAY_ENDS_MODEL = "int_cleansing__day_ends"
# No company's history starts earlier; more partitions only make the UI slower.
FIRST_DAY_END = "2015-01-01"


@cache
def daily_partitions() -> dg.DailyPartitionsDefinition:
    """One partition per day-end; today's is there too, provisional until its cut-off."""
    settings = Settings.read(House.default().project_dir)
    return dg.DailyPartitionsDefinition(FIRST_DAY_END, timezone=settings.business_timezone, end_offset=1)


def per_day_end(manifest: Mapping[str, Any]) -> set[str]:
    """The unique ids of all models that depend on the day-end: its own model and whatever reads it."""
    children = manifest["child_map"]
    found: set[str] = set()
    open_ids = [uid for uid, node in manifest["nodes"].items() if node["name"] == DAY_ENDS_MODEL]
    while open_ids:
        uid = open_ids.pop()
        if uid not in found:
            found.add(uid)
            open_ids += [child for child in children.get(uid, []) if child.startswith("model.")]
    return found


class LayerTranslator(DagsterDbtTranslator):
    """Names and groups of the graph: groups are the layers, so that it reads from left to right."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        super().__init__()
        self.per_day_end = per_day_end(manifest)

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer of a model; seeds are rules, sources lie in the lake."""
        kind = dbt_resource_props["resource_type"]
        if kind == "source":
            return "lake"
        return "rules" if kind == "seed" else str(dbt_resource_props["fqn"][1])

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """The team that owns the layer, from dbt's groups."""
        group = dbt_resource_props.get("group")
        name = (group.get("owner") or {}).get("name") if isinstance(group, Mapping) else None
        return [f"team:{name}"] if name else []

    def get_partitions_def(self, dbt_resource_props: Mapping[str, Any]) -> dg.PartitionsDefinition | None:
        """Daily for what depends on the day-end, none for the rest."""
        return daily_partitions() if dbt_resource_props["unique_id"] in self.per_day_end else None


def layer_assets(manifest: Mapping[str, Any]) -> dg.AssetsDefinition:
    """All models and seeds of dbt's manifest as one step, which Dagster may also run in part."""
    translator = LayerTranslator(manifest)

    @dbt_assets(
        name="layers",
        manifest=manifest,
        dagster_dbt_translator=translator,
        backfill_policy=dg.BackfillPolicy.single_run(),
        required_resource_keys={"house"},
    )
    def layers(context: dg.AssetExecutionContext) -> Iterator[Any]:
        house: House = context.resources.house
        selection, indirect = get_subset_selection_for_context(
            context, manifest, None, None, None, translator, None
        )
        if indirect:
            selection += ["--indirect-selection", indirect]
        inputs, newest_known_at = _inputs(context, house)
        variables = {
            "as_of_date": inputs.as_of_date,
            "history_days": inputs.settings["history_days"],
            "history_month_ends": inputs.settings["history_month_ends"],
        }
        if not context.is_subset:
            if rules_stand(house.home, inputs):
                selection = [*selection, *WITHOUT_RULES]
            if house.keeps_days and (kept := kept_of_last_build(house.home, inputs)):
                variables |= {"days_to_compute": kept.days_to_compute, "new_deliveries": kept.new_deliveries}
        # A warehouse that was deleted, or lost its record, goes on with what was published.
        hand_over_records(paths(house.home).serving_database, paths(house.home).warehouse)
        discard_audit(house.home)
        with house.progress.stage("build") as stage:
            events = house.dbt.stream_build(selection, variables)
            outcome = yield from _dagster_events(events, stage, context, manifest, translator)
            house.outcome = outcome
            stage.result(outcome.counts())
            audit = Audit(
                inputs=inputs,
                is_green=outcome.is_green,
                is_complete=not context.is_subset,
                newest_known_at=newest_known_at,
                checks=outcome.passed["test"],
            )
            write_audit(house.home, audit)
            if not outcome.is_green:
                raise dg.Failure(outcome.explanation(), allow_retries=False)

    return layers


def asset_keys(manifest: Mapping[str, Any], layer: str) -> list[dg.AssetKey]:
    """The keys of all models of one layer, sorted."""
    translator = LayerTranslator(manifest)
    nodes = manifest["nodes"].values()
    models = [node for node in nodes if node["resource_type"] == "model" and node["fqn"][1] == layer]
    return sorted(translator.get_asset_key(model) for model in models)


def read_manifest(path: Path) -> dict[str, Any]:
    """Read dbt's manifest.json."""
    return json.loads(path.read_text(encoding="utf-8"))


def _inputs(context: dg.AssetExecutionContext, house: House) -> tuple[Inputs, str]:
    """What this run computes, and up to when (ISO, UTC) deliveries were looked at.

    A range, of partitions or asked for by the command, is one build of the last day-end with a history that
    reaches back to the first, or with the month-ends of the range.
    """
    lake = LakeState.read(house.home)
    last = day_end_to_compute(lake, house.settings)
    if last is None:
        raise dg.Failure("Nothing was delivered yet: the lake holds no receipt.", allow_retries=False)
    first = house.first_day_end
    if context.has_partition_key_range:
        first, last = (date.fromisoformat(key) for key in context.partition_key_range)
    elif context.has_partition_key:
        last = date.fromisoformat(context.partition_key)
    told = told_last(house.home)
    if first:
        settings = settings_of_range(house.settings, first, last, house.only_month_ends, told)
    else:
        settings = settings_of_day(house.settings, last, told)
    rules = ruleset_hash(house.seeds_dir)
    inputs = collect_inputs(house.root, house.home, settings, last, rules)
    return inputs, f"{lake.newest_known_at:%Y-%m-%dT%H:%M:%S}Z"


def _dagster_events(
    events: Iterator[dict[str, Any]],
    stage: Stage,
    context: dg.AssetExecutionContext,
    manifest: Mapping[str, Any],
    translator: LayerTranslator,
) -> Iterator[Any]:
    """dbt's events as Dagster's; returns the outcome of the build."""
    while True:
        try:
            event = next(events)
        except StopIteration as stop:
            outcome: BuildOutcome = stop.value
            return outcome
        name, data = event["info"]["name"], event["data"]
        if name == "LogStartLine":
            stage.total(data["total"])
            stage.step(data["node_info"]["node_name"], advance=0)
            continue
        stage.step()
        if name != "SkippingDetails":
            message = DbtCoreCliEventMessage(raw_event=event, event_history_metadata={})
            yield from message.to_default_asset_events(manifest, translator, context)
