"""What went wrong, where, and what to do: said once, in the same words everywhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """Something a person has to look at; `line` counts from 1, None means the whole file."""

    file: Path
    line: int | None
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else f"{self.file}"
        return f"{place}: {self.message}" + (f" {self.remedy}" if self.remedy else "")


class DeliveryError(Exception):
    """A delivered file cannot be taken in as a whole; the text says why and what to do."""


def did_you_mean(word: str, known: Iterable[str], *, listing: str = "") -> str:
    """Return a remedy: the nearest known word, else the words to choose from.

    Args:
        word: the word that is not known.
        known: the words that are.
        listing: how to introduce the list of all words when none is near, such as "Known feeds:".
    """
    words = sorted(set(known))
    folded = {candidate.casefold(): candidate for candidate in words}
    near = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f"Did you mean '{folded[near[0]]}'?"
    return f"{listing} {', '.join(words)}." if listing and words else ""
