"""Physical lines of a text file, with their numbers, for readers that must know where a record stands."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_LINE_CHARACTERS = 16 << 20
_MAX_RECORD_LINES = 20_000


class TooLong(Exception):
    """A record has more text or lines than any sound record would have."""


@dataclass(frozen=True)
class Line:
    """A line with its end; `dropped` characters after MAX_LINE_CHARACTERS were not kept."""

    number: int
    text: str
    dropped: int = 0


class Lines:
    """Physical lines of a text file, with their numbers, that can be put back."""

    def __init__(self, file: Path):
        self._file = file.open(encoding="utf-8", newline="")
        self._back: deque[Line] = deque()
        self._read = 0
        self.number = 0
        self.taken: list[Line] = []

    def take(self) -> Line | None:
        """Return the next line with its end, None after the last."""
        if self._back:
            line = self._back.popleft()
        else:
            text = "" if self._file.closed else self._file.readline(MAX_LINE_CHARACTERS)
            if not text:
                self.close()
                return None
            self._read += 1
            line = Line(self._read, text, self._drop_rest() if _unfinished(text) else 0)
        self.number = line.number
        return line

    def close(self) -> None:
        """Close the file; lines that were put back can still be taken."""
        self._file.close()

    def _drop_rest(self) -> int:
        dropped = 0
        while rest := self._file.readline(MAX_LINE_CHARACTERS):
            dropped += len(rest)
            if not _unfinished(rest):
                break
        return dropped

    def put_back(self, lines: list[Line]) -> None:
        """Return lines so that they are read again."""
        self._back.extendleft(reversed(lines))

    def texts(self) -> Iterator[str]:
        """Yield lines to a parser and remember in `taken` what it took."""
        characters = 0
        while (line := self.take()) is not None:
            self.taken.append(line)
            if line.dropped:
                size = len(line.text) + line.dropped
                raise TooLong(f"the line has {size} characters, more than {MAX_LINE_CHARACTERS}")
            characters = characters + len(line.text) if len(self.taken) > 1 else len(line.text)
            if characters > MAX_LINE_CHARACTERS or len(self.taken) > _MAX_RECORD_LINES:
                raise TooLong("a quote is opened and never closed")
            yield line.text


def _unfinished(text: str) -> bool:
    return len(text) >= MAX_LINE_CHARACTERS and not text.endswith(("\n", "\r"))
