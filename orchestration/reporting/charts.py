"""Inline SVG without coordinates of its own: widths are percentages, so one chart serves screen and paper.

A horizontal bar has percentages for x and pixels for y; text in it is therefore never stretched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

BAR_HEIGHT = 18
# Share of the width that a label needs: a base for its margins and so much for each character. A chart in a
# half column is about as wide as 120 pixels on paper, one over the whole page 300.
LABEL_BASE_PCT, LABEL_CHARACTER_PCT = 4.0, 2.4


@dataclass(frozen=True)
class Part:
    """One part of a stacked bar: its name, its value, its style class."""

    label: str
    value: int
    style: str


def stack_bar(
    parts: Sequence[Part],
    title: str,
    *,
    whole: int,
    labels: bool = True,
    narrow: bool = False,
    height: int = BAR_HEIGHT,
) -> Markup:
    """Draw parts side by side; `whole` is the value that the full width stands for.

    A part shows its value when the value fits; `narrow` says that the chart has half a column.
    """
    shapes: list[Markup] = []
    x = 0.0
    for part in parts:
        width = 100 * part.value / whole if whole else 0.0
        if part.value <= 0:
            continue
        shapes.append(
            Markup('<rect class="f-{}" x="{}%" y="0" width="{}%" height="{}"/>').format(
                part.style, _pct(x), _pct(width), height
            )
        )
        needs = (LABEL_BASE_PCT + LABEL_CHARACTER_PCT * len(f"{part.value:,}")) * (2 if narrow else 1)
        if labels and width >= needs:
            shapes.append(
                Markup('<text class="t-{}" x="{}%" y="{}">{}</text>').format(
                    part.style, _pct(x + width / 2), height // 2 + 4, f"{part.value:,}"
                )
            )
        x += width
    return _svg("bar", height, title, shapes)


def plain_bar(value: int, whole: int, title: str, style: str = "accent", height: int = BAR_HEIGHT) -> Markup:
    """Draw one bar; `whole` is the value of the full width."""
    return stack_bar([Part("", value, style)], title, whole=whole, labels=False, height=height)


def columns(
    days: Sequence[str], stacks: Sequence[Sequence[Part]], title: str, desc: str, *, height: int = 250
) -> Markup:
    """Draw one stacked column per day-end, oldest first, with its total above it."""
    top, bottom = 20, 22
    plot = height - top - bottom
    highest = max((sum(part.value for part in stack) for stack in stacks), default=0)
    pitch = 100 / max(len(stacks), 1)
    width = pitch * 0.62
    every = -(-len(stacks) // 10)
    shapes: list[Markup] = []
    for number, (day, stack) in enumerate(zip(days, stacks, strict=True)):
        middle = pitch * (number + 0.5)
        y = float(top + plot)
        for part in reversed(stack):
            tall = plot * part.value / highest if highest else 0.0
            if not part.value:
                continue
            y -= tall
            shapes.append(
                Markup(
                    '<rect class="f-{}" x="{}%" y="{}" width="{}%" height="{}"><title>{}</title></rect>'
                ).format(
                    part.style,
                    _pct(middle - width / 2),
                    _px(y),
                    _pct(width),
                    _px(tall),
                    f"{day} {part.label} {part.value:,}",
                )
            )
            if tall >= 14 and len(stacks) <= 12:
                shapes.append(
                    Markup('<text class="t-{}" x="{}%" y="{}">{}</text>').format(
                        part.style, _pct(middle), _px(y + tall / 2 + 4), f"{part.value:,}"
                    )
                )
        if (len(stacks) - 1 - number) % every == 0:
            shapes.append(
                Markup(
                    '<text class="total" x="{}%" y="{}">{}</text><text class="axis" x="{}%" y="{}">{}</text>'
                ).format(
                    _pct(middle),
                    _px(y - 5),
                    f"{sum(part.value for part in stack):,}",
                    _pct(middle),
                    height - 6,
                    day[5:],
                )
            )
    shapes.append(
        Markup('<line class="base" x1="0%" x2="100%" y1="{}" y2="{}"/>').format(top + plot, top + plot)
    )
    return _svg("columns", height, title, shapes, desc)


def sparkline(values: Sequence[int], title: str) -> Markup:
    """Draw the course of a figure over the day-ends; its own scale, so only the shape speaks."""
    if len(values) < 2:
        return Markup("")
    low, high = min(values), max(values)
    spread = high - low
    points = [
        (100 * index / (len(values) - 1), 13.0 - (11.0 * (value - low) / spread if spread else 5.5))
        for index, value in enumerate(values)
    ]
    line = " ".join(f"{_pct(x)},{_px(y)}" for x, y in points)
    return Markup(
        '<svg class="spark" role="img" viewBox="0 0 100 15" preserveAspectRatio="none"><title>{}</title>'
        '<polyline points="{}"/></svg>'
    ).format(title, line)


def waterfall_bar(
    start: int, end: int, low: int, high: int, style: str, title: str, height: int = 14
) -> Markup:
    """Draw one step of a waterfall from `start` to `end` on a scale from `low` to `high` (milli-points).

    A hair line at `end` leads down to the next step.
    """
    span = max(high - low, 1)
    left, right = sorted((start, end))
    x = 100 * (left - low) / span
    width = max(100 * (right - left) / span, 0.25)
    ends_at = 100 * (end - low) / span
    zero = 100 * (0 - low) / span
    shapes = [
        Markup('<line class="zero" x1="{0}%" x2="{0}%" y1="0" y2="100%"/>').format(_pct(zero)),
        Markup('<rect class="f-{}" x="{}%" y="3" width="{}%" height="{}"/>').format(
            style, _pct(x), _pct(width), height - 4
        ),
        Markup('<line class="step" x1="{0}%" x2="{0}%" y1="{1}" y2="100%"/>').format(
            _pct(ends_at), height - 1
        ),
    ]
    return _svg("step", "100%", title, shapes)


def score_range(
    score: int, lowest: int, highest: int, edges: Sequence[tuple[int, str]], title: str
) -> Markup:
    """Draw the score in milli-points on 0–100 000, its possible range, and the lower edges of the bands."""
    shapes: list[Markup] = []
    bounds = [*sorted(edges), (100_000, "")]
    for (from_milli, style), (to_milli, _) in pairwise(bounds):
        shapes.append(
            Markup('<rect class="f-{}" x="{}%" y="17" width="{}%" height="5"/>').format(
                style, _pct(from_milli / 1000), _pct((to_milli - from_milli) / 1000)
            )
        )
    left, right = lowest, highest
    shapes.append(
        Markup('<rect class="range" x="{}%" y="7" width="{}%" height="6"/>').format(
            _pct(left / 1000), _pct(max(right - left, 200) / 1000)
        )
    )
    shapes.append(
        Markup('<line class="mark" x1="{0}%" x2="{0}%" y1="2" y2="23"/>').format(_pct(score / 1000))
    )
    return _svg("range", 24, title, shapes)


def _svg(kind: str, height: int | str, title: str, shapes: Sequence[Markup], desc: str = "") -> Markup:
    described = Markup("<desc>{}</desc>").format(desc) if desc else Markup("")
    return Markup('<svg class="{}" role="img" width="100%" height="{}"><title>{}</title>{}{}</svg>').format(
        kind, height, title, described, Markup("").join(escape(shape) for shape in shapes)
    )


def _pct(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _px(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
