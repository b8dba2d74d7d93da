"""The fingerprint of a rule set: the same rows give the same hash, in whatever order they stand."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from orchestration.rules.files import parse_table


def ruleset_hash(seeds_dir: Path) -> str:
    """Return the sha256 (hex) of the content of all seed CSVs below a folder.

    Order of files, rows and columns, line ends and quoting do not count; names of files and every cell do.

    Args:
        seeds_dir: the folder that holds rules/, vocabulary/ and exceptions/.

    Raises:
        FileNotFoundError: the folder does not exist.
        UnicodeDecodeError: a file is not UTF-8.
        csv.Error: a file is not a CSV file.
    """
    if not seeds_dir.is_dir():
        raise FileNotFoundError(f"No folder of rules at {seeds_dir}")
    total = hashlib.sha256()
    for path in sorted(seeds_dir.rglob("*.csv"), key=lambda path: path.stem):
        records = parse_table(path.read_text(encoding="utf-8-sig"))
        header = records[0][1] if records else []
        rows = sorted(
            json.dumps(sorted(zip(header, cells, strict=False)), ensure_ascii=False)
            for _, cells in records[1:]
            if any(cells)
        )
        total.update(json.dumps([path.stem, sorted(header), rows], ensure_ascii=False).encode("utf-8"))
    return total.hexdigest()
