"""Charts as SVG in the page itself: bars and lines over days or times, drawn with nothing but text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 14, 34
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#999999")
"""Told apart by the colour-blind as well (after Okabe & Ito 2008)."""


@dataclass(frozen=True)
class Series:
    """Values over the chart's labels; none where there is no value."""

    name: str
    values: Sequence[float | None]
    colour: str = COLOURS[0]
    dashed: bool = False


def lines(
    title: str, labels: Sequence[str], series: Sequence[Series], unit: str = "", *, most: float | None = None
) -> str:
    """A line for each series."""
    scale = _Scale.of([value for one in series for value in one.values], len(labels), most)
    parts = [_axes(scale, labels, unit)]
    for one in series:
        dash = ' stroke-dasharray="6 4"' if one.dashed else ""
        path = _path(scale, one.values)
        parts.append(f'<path d="{path}" fill="none" stroke="{one.colour}" stroke-width="2"{dash}/>')
        if len(labels) <= 31:
            parts += [
                f'<circle cx="{scale.x(place):.1f}" cy="{scale.y(value):.1f}" r="2.5" fill="{one.colour}"/>'
                for place, value in enumerate(one.values)
                if value is not None and not one.dashed
            ]
    return _figure(title, parts, series)


def bars(title: str, labels: Sequence[str], series: Sequence[Series], unit: str = "") -> str:
    """Bars side by side, one for each series, above or below zero."""
    scale = _Scale.of([value for one in series for value in one.values], len(labels), None)
    parts = [_axes(scale, labels, unit)]
    room = scale.step * 0.8
    for number, one in enumerate(series):
        for place, value in enumerate(one.values):
            if value is not None:
                x = scale.x(place) - room / 2 + number * room / len(series)
                top, bottom = sorted((scale.y(value), scale.y(0)))
                size = f'width="{room / len(series):.1f}" height="{max(bottom - top, 0.5):.1f}"'
                parts.append(f'<rect x="{x:.1f}" y="{top:.1f}" {size} fill="{one.colour}"/>')
    return _figure(title, parts, series)


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    number: int

    @classmethod
    def of(cls, values: Sequence[float | None], number: int, most: float | None) -> _Scale:
        told = [value for value in values if value is not None]
        low, high = min([0.0, *told]), max([0.0, *told])
        step = _round((high - low or 1.0) / 4)
        high = math.ceil(high / step) * step if most is None else most
        return cls(math.floor(low / step) * step, high if high > low else low + step, number)

    @property
    def step(self) -> float:
        return (WIDTH - LEFT - RIGHT) / max(self.number, 1)

    def x(self, place: float) -> float:
        return LEFT + (place + 0.5) * self.step

    def y(self, value: float) -> float:
        return TOP + (self.high - value) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)

    def ticks(self) -> list[float]:
        step = _round((self.high - self.low) / 4)
        first = math.ceil(self.low / step)
        return [step * number for number in range(first, math.floor(self.high / step + 1e-9) + 1)]


def _round(value: float) -> float:
    """The next 1, 2 or 5 with zeros."""
    ten = 10.0 ** math.floor(math.log10(value))
    return float(next(factor * ten for factor in (1, 2, 5, 10) if factor * ten >= value - 1e-12))


def _path(scale: _Scale, values: Sequence[float | None]) -> str:
    pieces, pen = [], "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        pieces.append(f"{pen}{scale.x(place):.1f} {scale.y(value):.1f}")
        pen = "L"
    return " ".join(pieces)


def _axes(scale: _Scale, labels: Sequence[str], unit: str) -> str:
    parts = []
    for tick in scale.ticks():
        y = scale.y(tick)
        strong = "#555" if tick == 0 else "#ddd"
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{strong}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:,g}{escape(unit)}</text>')
    every = max(1, math.ceil(len(labels) / 12))
    parts += [
        f'<text x="{scale.x(place):.1f}" y="{HEIGHT - 14}" text-anchor="middle">{escape(label)}</text>'
        for place, label in enumerate(labels)
        if place % every == 0
    ]
    return "".join(parts)


def _figure(title: str, parts: Sequence[str], series: Sequence[Series]) -> str:
    keys = "".join(f'<span class="key">{_key(one)} {escape(one.name)}</span>' for one in series)
    chart = (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
    return f"<figure><figcaption>{escape(title)}</figcaption>{chart}<p>{keys}</p></figure>"


def _key(one: Series) -> str:
    dash = ' stroke-dasharray="6 4"' if one.dashed else ""
    line = f'<line x1="0" x2="18" y1="5" y2="5" stroke="{one.colour}" stroke-width="3"{dash}/>'
    return f'<svg width="18" height="10" aria-hidden="true">{line}</svg>'
