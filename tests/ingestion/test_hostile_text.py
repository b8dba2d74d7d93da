"""Hostile text in every field of every feed: each record has its fate, and text reaches the lake to the letter (R07)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hostile_text import HOSTILE, hostile_story
from world import deliver

from orchestration.ingestion.contracts import load_contracts
from orchestration.ingestion.lake import Receipt
from orchestration.ingestion.run import ingest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    deliver([hostile_story()], folder / "landing", folder / "connections")
    return folder


@pytest.fixture(scope="module")
def receipts(home: Path) -> dict[str, Receipt]:
    result = ingest(home / "connections", home)
    assert not result.problems
    return {receipt.feed: receipt for receipt in result.receipts}


def test_every_record_is_stored_or_rejected_with_its_reason(receipts: dict[str, Receipt]):
    assert set(receipts) == set(load_contracts().feeds)
    for receipt in receipts.values():
        assert receipt.status == "loaded", receipt.message
        assert receipt.records == receipt.stored + receipt.rejected == 3 * len(HOSTILE)
        assert "Unexpected" not in receipt.message
        # A moment that is none is the only thing for which a record is turned away: a third of the records of an event.
        assert receipt.rejected in (0, len(HOSTILE))


def test_text_lies_in_the_lake_as_it_was_delivered(home: Path, receipts: dict[str, Receipt]):
    """Text columns keep each character; a value that a column of another type cannot hold lies beside it."""
    with duckdb.connect() as con:
        for feed in load_contracts().feeds.values():
            lake = f"read_parquet('{home}/lake/raw/{feed.name}/*/*.parquet', union_by_name = true)"
            for place, column in enumerate(feed.columns):
                if place % 3 == [other.name for other in feed.columns].index(feed.occurred_at) % 3 and receipts[feed.name].rejected:
                    continue
                found = {row[0] for row in con.execute(f"select distinct {column.name} from {lake}").fetchall()}
                if column.name != feed.key and column.data_type == "varchar":
                    missing = {text for text in HOSTILE if text.strip()} - found
                    assert not missing, (feed.name, column.name, [text[:40] for text in missing])
                elif column.data_type not in ("varchar", "boolean"):
                    beside = {row[0] for row in con.execute(f"select json_extract_string(unparsed_values, '$.{column.name}') from {lake} where unparsed_values is not null").fetchall()}
                    assert "'; drop schema marts cascade; --" in beside, (feed.name, column.name)
