"""Deliveries and the raw lake as Dagster assets: one per feed, all filled by one look at the deliveries."""

from collections.abc import Iterator

import dagster as dg

from orchestration.house import House
from orchestration.ingestion.contracts import load_contracts
from orchestration.ingestion.run import IngestResult, ingest
from orchestration.preflight import PreflightError, require_preflight

DELIVERIES = dg.AssetKey("deliveries")
RECEIPTS, REJECTS = dg.AssetKey(["lake", "receipts"]), dg.AssetKey(["lake", "rejects"])
OWNERS = ["team:data_engineering"]

deliveries = dg.AssetSpec(
    DELIVERIES,
    group_name="deliveries",
    kinds={"csv", "excel"},
    owners=OWNERS,
    description="Files that other systems put down, found and read as the connection files say.",
)


def raw_key(feed: str) -> dg.AssetKey:
    """The key of a feed in the raw lake; dbt's source of that feed has the same."""
    return dg.AssetKey(["raw", feed])


def _specs() -> list[dg.AssetSpec]:
    common = {"deps": [DELIVERIES], "group_name": "lake", "kinds": {"parquet"}, "owners": OWNERS}
    columns = {feed.name: ", ".join(feed.column_names) for feed in load_contracts().feeds.values()}
    feeds = [
        dg.AssetSpec(raw_key(name), description=f"Raw feed, append-only. Columns: {text}.", **common)
        for name, text in columns.items()
    ]
    logs = {
        RECEIPTS: "One row per look at a delivered file, also when it was there before.",
        REJECTS: "Lines and records that could not be read, with the reason.",
    }
    return feeds + [dg.AssetSpec(key, description=text, **common) for key, text in logs.items()]


@dg.multi_asset(
    name="ingest",
    specs=_specs(),
    check_specs=[
        dg.AssetCheckSpec(
            "every_delivery_was_read",
            asset=RECEIPTS,
            description="No delivered file failed or is held back, and every connection found its files.",
        )
    ],
    required_resource_keys={"house"},
)
def lake(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Take in whatever is new; a delivery that cannot be read never stops the others."""
    house: House = context.resources.house
    try:
        require_preflight(house)
    except PreflightError as error:
        raise dg.Failure(str(error), allow_retries=False) from error
    with house.progress.stage("ingest") as stage:
        seen = 0

        def tell(done: int, total: int, note: str) -> None:
            nonlocal seen
            stage.total(total)
            stage.step(note, advance=done - seen)
            seen = done

        result = ingest(house.connections, house.home, tell)
        stage.result(_in_words(result))
    house.ingested = result
    for feed in load_contracts().feeds:
        loaded = [receipt for receipt in result.loaded if receipt.feed == feed]
        metadata = {
            "deliveries": len(loaded),
            "records": sum(receipt.records for receipt in loaded),
            "stored": sum(receipt.stored for receipt in loaded),
            "rejected": sum(receipt.rejected for receipt in loaded),
        }
        yield dg.MaterializeResult(asset_key=raw_key(feed), metadata=metadata)
    yield dg.MaterializeResult(asset_key=RECEIPTS, metadata={**result.totals, "run_id": result.run_id})
    yield dg.MaterializeResult(asset_key=REJECTS, metadata={"rejected": result.totals["rejected"]})
    yield dg.AssetCheckResult(
        passed=not troubles(result),
        asset_key=RECEIPTS,
        check_name="every_delivery_was_read",
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"troubles": dg.MetadataValue.md("\n".join(f"- {text}" for text in troubles(result)))},
    )


def troubles(result: IngestResult) -> list[str]:
    """What somebody should look at after a run of ingestion, one text each."""
    unread = [(receipt, "failed") for receipt in result.failed] + [(r, "held back") for r in result.held]
    return [
        *(
            f"{receipt.connection} / {receipt.file_name} {fate}: {receipt.message}"
            for receipt, fate in unread
        ),
        *(f"{name}: no file matches the path of this connection." for name in result.without_files),
        *(f"{name}: the newest delivery is older than promised." for name in result.overdue),
    ]


def _in_words(result: IngestResult) -> str:
    totals = result.totals
    texts = [f"{totals['files_loaded']} new files", f"{totals['records']} records"]
    others = [
        ("files_repeated", "files known before"),
        ("files_quarantined", "held back"),
        ("files_failed", "failed"),
    ]
    return ", ".join(texts + [f"{totals[key]} {words}" for key, words in others if totals[key]])
