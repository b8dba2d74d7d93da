"""A company's own rules laid over the default ones, file by file: an analyst keeps only what differs."""

from __future__ import annotations

import difflib
from pathlib import Path

# Words are added to; a rule file says everything of its kind, so it takes the default one's place.
ADDED_TO = ("vocabulary_terms.csv", "tag_groups.csv", "exceptions.csv", "identity_links.csv")


class OverlayError(Exception):
    """The overlay has a file that no default rule file answers to, or other columns."""


def lay_over(seeds_dir: Path, overlay: Path, target: Path) -> Path:
    """Write the rules in force into `target` and return it; a file that stays the same is not touched.

    Args:
        seeds_dir: default rules: rules/, vocabulary/ and exceptions/ with their YAML.
        overlay: folder of CSV files named as default ones, in any subfolder.
        target: folder for the result; whatever else lies in it is removed.

    Raises:
        OverlayError: a file of the overlay has no counterpart, or its header differs; the message names it.
        FileNotFoundError: there is no folder `overlay`.
    """
    if not overlay.is_dir():
        raise FileNotFoundError(f"No folder of rules at {overlay}. Give --rules a folder of CSV files.")
    defaults = {path.name: path for path in sorted(seeds_dir.rglob("*")) if path.is_file()}
    texts = {path.relative_to(seeds_dir): _text(path) for path in defaults.values()}
    for path in sorted(overlay.rglob("*.csv")):
        default = defaults.get(path.name)
        if default is None:
            near = difflib.get_close_matches(path.name, defaults, n=1)
            hint = f" Did you mean {near[0]}?" if near else " docs/rules.md lists the files."
            raise OverlayError(f"{path}: no rule file has this name.{hint}")
        texts[default.relative_to(seeds_dir)] = _laid(default, path)
    _write(texts, target)
    return target


def written_at(
    path: Path, line: int | None, overlay: Path | None, seeds_dir: Path
) -> tuple[Path, int | None]:
    """Return the file and line that a person wrote, for a place in the rules that were laid together.

    Args:
        path: a file of the rules in force.
        line: its line, 1 the header; None: the whole file.
        overlay: folder of the own rules, None where there are none.
        seeds_dir: folder of the default rules.
    """
    own = next(iter(sorted(overlay.rglob(path.name))), None) if overlay else None
    default = next(iter(sorted(seeds_dir.rglob(path.name))), None)
    if own is None:
        return default or path, line
    if own.name not in ADDED_TO or default is None or line is None:
        return own, line
    lines = _text(default).rstrip("\n").count("\n") + 1
    # Own rows stand below the default ones, without their header.
    return (own, line - lines + 1) if line > lines else (default, line)


def _laid(default: Path, own: Path) -> str:
    below, above = _text(default), _text(own)
    header, expected = above.partition("\n")[0], below.partition("\n")[0]
    if header != expected:
        raise OverlayError(f"{own}:1: the columns must be those of {default.name}: {expected}")
    if own.name in ADDED_TO:
        return below.rstrip("\n") + "\n" + above.partition("\n")[2]
    return above


def _write(texts: dict[Path, str], target: Path) -> None:
    for path in sorted(target.rglob("*")) if target.exists() else []:
        if path.is_file() and path.relative_to(target) not in texts:
            path.unlink()
    for relative, text in texts.items():
        path = target / relative
        if path.exists() and _text(path) == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
