"""Queues in which callers give up: Erlang A, Poisson arrivals, exponential handle times and exponential patience.

`load` is the offered load in erlangs, `patience` the mean patience in mean handle times; numbers or arrays.

Formulas: A. Mandelbaum, S. Zeltyn, Service engineering in action: the Palm/Erlang-A queue, 2007. The wait that a
caller without limit to the patience would face has, at u > 0 mean handle times, a density in proportion to

    c · exp(x (1 - exp(-u / patience)) - c u),  with x = load · patience and c agents,

in units of the time in which all are busy and nobody waits. What is needed of it are its integral from some time on
and two moments. With a = c · patience they are the sum R(a, x) = Σ x^k / ((a + 1) … (a + k)), which is short unless
patience is great; then the density is a narrow hill, and Gauss and Legendre integrate it. Both add up positive numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.staffing.erlang import Floats, Numbers, inverse_loss

MOST_TERMS = 400
"""Where a sum would need more terms than this, the density is integrated instead."""

NEGLIGIBLE = 45.0
"""What is smaller than the greatest by a factor of exp(45) is left out."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_PANELS = 16
_TERMS_AT_ONCE = 16
_LARGE = 1e80

_Function = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Impatience:
    """The queue in balance."""

    load: Floats
    agents: Floats
    patience: Floats  # mean handle times
    waiting: Floats  # share of calls that do not find a free agent
    abandoned: Floats  # share of calls that give up
    mean_wait: Floats  # of all calls, in mean handle times
    log_all_busy: Floats  # logarithm of the probability that all agents are busy and nobody waits

    @property
    def occupancy(self) -> Floats:
        """Share of their time that agents are busy."""
        busy = self.load * (1 - self.abandoned) / np.maximum(self.agents, 1e-300)
        return np.where(self.agents > 0, np.minimum(1.0, busy), 1.0)[()]

    def answered_within(self, time: Numbers) -> Floats:
        """Share of all calls that are answered within so many mean handle times."""
        load, agents, patience, time, busy = np.broadcast_arrays(
            self.load, self.agents, self.patience, np.asarray(time, dtype=np.float64), self.log_all_busy
        )
        usual = (agents > 0) & (busy > -math.inf)
        later = np.zeros(load.shape)
        if usual.any():
            late = _served_after(load[usual], agents[usual], patience[usual], time[usual])
            later[usual] = np.exp(np.minimum(late + busy[usual], 0.0))
        share = np.clip(1 - self.abandoned - later, 0.0, 1.0)
        return np.where(agents > 0, share, 0.0)[()]


def erlang_a(load: Numbers, agents: Numbers, patience: Numbers, inverse: Numbers | None = None) -> Impatience:
    """The queue with so many agents; load in erlangs, patience in mean handle times.

    `inverse` is one over Erlang B, for those who have it already or have something else in its place.
    """
    load, agents, patience = np.broadcast_arrays(*(np.asarray(n, dtype=np.float64) for n in (load, agents, patience)))
    fewer = np.asarray(inverse_loss(load, agents) if inverse is None else inverse) - 1  # where all busy is 1
    a, x = agents * patience, load * patience
    log_total, log_queue = np.zeros(load.shape), np.full(load.shape, -math.inf)
    usual = (load > 0) & (agents > 0) & (fewer < math.inf)
    log_total[usual], log_queue[usual] = _integrals(a[usual], x[usual])
    with np.errstate(divide="ignore", invalid="ignore"):
        log_all_busy = np.where(usual, -np.logaddexp(np.log(fewer), log_total), -math.inf)
        queue = np.where(usual, np.exp(log_queue + log_all_busy), 0.0)  # mean number of those who wait
        wait = np.where(usual, queue / load, 0.0)
    nobody = (load > 0) & (agents == 0)  # on queue, so all give up
    waits = np.where(nobody, 1.0, np.where(usual, np.exp(log_total + log_all_busy), 0.0))
    wait = np.where(nobody, patience, wait)
    gone = np.minimum(1.0, wait / patience)
    return Impatience(load, agents, patience, waits[()], gone[()], wait[()], log_all_busy[()])


def _integrals(a: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Logarithms of the time in which all are busy, and of that time times those who wait."""
    total, queue = np.empty(a.size), np.empty(a.size)
    long = _terms(a, x) > MOST_TERMS
    total[~long], queue[~long] = _sums(a[~long], x[~long])
    if long.any():
        hill = _Hill.of(a[long], x[long])
        total[long] = np.log(a[long]) + hill.log_integral(np.zeros_like, lambda s: np.ones_like(s))
        queue[long] = np.log(a[long] * x[long]) + hill.log_integral(np.zeros_like, lambda s: -np.expm1(-s))
    return total, queue


def _served_after(load: Floats, agents: Floats, patience: Floats, time: Floats) -> Floats:
    """Logarithm of the share answered later, in units of the time in which all are busy and nobody waits."""
    a, x, s = agents * patience, load * patience, time / patience
    result = np.empty(a.size)
    rest = x * np.exp(-s)
    long = _terms(a, rest) > MOST_TERMS
    few = ~long
    total, _ = _sums(a[few], rest[few])
    with np.errstate(divide="ignore", invalid="ignore"):
        tail = total + np.log(-np.expm1(-total))  # of R - 1
        still = -x[few] * np.expm1(-s[few]) - a[few] * s[few]
        result[few] = np.log(a[few] / x[few]) + still + np.where(total > 0, tail, -math.inf)
    if long.any():
        hill = _Hill.of(a[long], x[long])
        begin = s[long]
        result[long] = np.log(a[long]) + hill.log_integral(lambda _: begin, lambda u: np.exp(-u))
    return result


def _terms(a: Floats, x: Floats) -> Floats:
    """About how many terms of R matter."""
    return np.maximum(x - a, 0.0) + np.minimum(9.5 * np.sqrt(np.maximum(a, x)), 40 * a / np.maximum(a - x, 1e-9)) + 20


def _sums(a: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Logarithms of R(a, x) and of Σ k x^k / ((a + 1) … (a + k))."""
    total, weighted, scale = np.ones(a.size), np.zeros(a.size), np.zeros(a.size)
    place = np.arange(a.size)
    term, below, over = np.ones(a.size), a.copy(), x.copy()
    k = 0
    while place.size:
        part, heavy = np.zeros(place.size), np.zeros(place.size)
        for _ in range(_TERMS_AT_ONCE):
            k += 1
            below = below + 1
            term = term * (over / below)
            part += term
            heavy += k * term
        total[place] += part
        weighted[place] += heavy
        large = total[place] > _LARGE
        if large.any():
            where = place[large]
            shrink = 1 / total[where]
            scale[where] += np.log(total[where])
            weighted[where] *= shrink
            term[large] *= shrink
            total[where] = 1.0
        going = (term * k > 1e-17 * total[place]) | (over > below)
        place, term, below, over = place[going], term[going], below[going], over[going]
    with np.errstate(divide="ignore"):
        return np.log(total) + scale, np.log(weighted) + scale


@dataclass(frozen=True)
class _Hill:
    """exp(x (1 - exp(-s)) - a s) over s = time / patience: a single hill, wide where patience is short."""

    a: Floats
    x: Floats
    top: Floats
    left: Floats  # what lies outside left and right is negligible
    right: Floats

    @classmethod
    def of(cls, a: Floats, x: Floats) -> _Hill:
        top = np.log(np.maximum(x / a, 1.0))
        peak = _height(a, x, top)
        low, high = np.zeros(a.size), top.copy()
        for _ in range(50):
            middle = (low + high) / 2
            small = _height(a, x, middle) < peak - NEGLIGIBLE
            low, high = np.where(small, middle, low), np.where(small, high, middle)
        left = low
        width = np.full(a.size, 1e-12)
        while (near := _height(a, x, top + width) > peak - NEGLIGIBLE).any():
            width = np.where(near, 2 * width, width)
        low, high = top + width / 2, top + width
        for _ in range(20):
            middle = (low + high) / 2
            small = _height(a, x, middle) < peak - NEGLIGIBLE
            low, high = np.where(small, low, middle), np.where(small, middle, high)
        return cls(a, x, top, left, high)

    def log_integral(self, start: _Function, weight: _Function) -> Floats:
        """Logarithm of the weighted integral from `start` on, in panels that widen down the slopes."""
        begin = np.maximum(start(self.top), self.left)
        middle = np.maximum(self.top, begin)
        grade = np.linspace(0.0, 1.0, _PANELS + 1) ** 2
        up = middle[:, None] - (middle - begin)[:, None] * grade[::-1]
        down = middle[:, None] + np.maximum(self.right - middle, 0.0)[:, None] * grade
        edges = np.concatenate([up, down[:, 1:]], axis=1)
        half = np.diff(edges, axis=1)[:, :, None] / 2
        s = edges[:, :-1, None] + half * (1 + _NODES)
        peak = _height(self.a, self.x, middle)
        heights = np.exp(_height(self.a[:, None, None], self.x[:, None, None], s) - peak[:, None, None])
        with np.errstate(divide="ignore"):
            area: Floats = (heights * weight(s) * half * _WEIGHTS).sum(axis=(1, 2))
            return np.log(area) + peak


def _height(a: Floats, x: Floats, s: Floats) -> Floats:
    return -x * np.expm1(-s) - a * s
