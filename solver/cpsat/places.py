"""Where the activities of many shifts go, counted rather than named.

Shifts that start together and end in the same node of their break family have their activities placed by one flow:
how many of them start which activity in which slot. That such a flow can be told apart into shifts again, gaps kept,
is a matter of sums: of those in a node, as many must have gone on by a slot as have come long enough before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ortools.sat.python import cp_model

from solver.compile.model import OFF, Breaks, Model, Smalls

Windows = tuple[tuple[int, int], ...]
Count = cp_model.IntVar | int


@dataclass(frozen=True)
class Position:
    """An activity that starts `start` slots after the shift's start."""

    edge: int
    start: int
    end: int


@dataclass(frozen=True)
class Key:
    """What shifts must have in common to share a block; `chain` tells blocks apart whose windows are not in order."""

    start: int
    family: int
    node: int
    chain: int


def blocks_of(model: Model, shifts: Sequence[int]) -> dict[Key, list[int]]:
    """The shifts that have activities to place, by block; in each block both ends of the windows only ever rise."""
    table = model.shifts
    blocks: dict[Key, list[int]] = {}
    for number in sorted(shifts, key=lambda n: _window(model, n)):
        if table.family[number] < 0:
            continue
        chain = 0
        while True:
            key = Key(int(table.start[number]), int(table.family[number]), int(table.final[number]), chain)
            block = blocks.setdefault(key, [])
            if not block or _window(model, block[-1])[1] <= _window(model, number)[1]:
                block.append(number)
                break
            chain += 1
    return blocks


def _window(model: Model, shift: int) -> tuple[int, int]:
    return int(model.shifts.end_low[shift]), int(model.shifts.end_high[shift])


def positions_of(breaks: Breaks, family: int, final: int, windows: Windows) -> list[Position]:
    """All places of activities that are part of a way from nothing placed to one of the windows."""
    edges = _edges_to(breaks, family, final)
    ends: dict[int, set[int]] = {0: {0}}
    reached: list[Position] = []
    for edge in edges:
        before = ends.get(int(breaks.source[edge]), set())
        for start in range(int(breaks.low[edge]), int(breaks.high[edge]) + 1):
            if breaks.source[edge] == 0 or any(_fits(breaks, edge, start - end) for end in before):
                end = start + int(breaks.duration[edge])
                reached.append(Position(edge, start, end))
                ends.setdefault(int(breaks.target[edge]), set()).add(end)
    good: dict[int, set[int]] = {final: {end for end in ends.get(final, set()) if _in(windows, end)}}
    kept: list[Position] = []
    for position in reversed(reached):
        edge = position.edge
        if position.end not in good.get(int(breaks.target[edge]), set()):
            continue
        kept.append(position)
        source = int(breaks.source[edge])
        fitting = {end for end in ends[source] if _fits(breaks, edge, position.start - end)}
        good.setdefault(source, set()).update(fitting)
    kept.reverse()
    return kept


def _edges_to(breaks: Breaks, family: int, final: int) -> list[int]:
    """The edges of the family on ways to the node, in their order."""
    nodes, edges = {final}, []
    for edge in range(int(breaks.family_edges[family + 1]) - 1, int(breaks.family_edges[family]) - 1, -1):
        if int(breaks.target[edge]) in nodes:
            nodes.add(int(breaks.source[edge]))
            edges.append(edge)
    return edges[::-1]


def _fits(breaks: Breaks, edge: int, gap: int) -> bool:
    return bool(breaks.source[edge] == 0 or breaks.gap_low[edge] <= gap <= breaks.gap_high[edge])


def _in(windows: Windows, end: int) -> bool:
    return any(low <= end <= high for low, high in windows)


@dataclass
class Block:
    """The flow of a block's shifts; `counts` says how many of each there are, as variables or as they are."""

    model: Model
    key: Key
    counts: dict[int, Count]
    flow: dict[Position, cp_model.IntVar]

    @classmethod
    def build(cls, model: Model, cp: cp_model.CpModel, key: Key, counts: dict[int, Count], most: int) -> Block:
        """Adds the flow to the model.

        Args:
            model: the compiled request.
            cp: takes variables and rows.
            key: what the shifts have in common.
            counts: shifts in the order of `blocks_of`.
            most: the greatest number of shifts in the block together.
        """
        windows = tuple(dict.fromkeys(_window(model, number) for number in counts))
        positions = positions_of(model.breaks, key.family, key.node, windows)
        flow = {position: cp.new_int_var(0, most, "") for position in positions}
        block = cls(model, key, counts, flow)
        block._conserve(cp)
        block._arrive(cp)
        return block

    def covered(self) -> Iterator[tuple[cp_model.IntVar, int, int]]:
        """Each variable with the slots, first and last, last not included, that it takes off the queue."""
        for position, variable in self.flow.items():
            yield variable, self.key.start + position.start, self.key.start + position.end

    def _coming(self, node: int) -> list[Position]:
        """Places that lead to the node, by their end."""
        breaks = self.model.breaks
        return sorted((p for p in self.flow if breaks.target[p.edge] == node), key=lambda p: (p.end, p.edge))

    def _going(self, node: int) -> list[Position]:
        """Places that leave the node, by their start."""
        breaks = self.model.breaks
        return sorted((p for p in self.flow if breaks.source[p.edge] == node), key=lambda p: (p.start, p.edge))

    def _nodes(self) -> list[int]:
        """The nodes at which something is placed and more is to come."""
        sources = {int(self.model.breaks.source[p.edge]) for p in self.flow}
        return sorted(sources - {0})

    def _sum(self, positions: Sequence[Position]) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.sum([self.flow[p] for p in positions])

    def _conserve(self, cp: cp_model.CpModel) -> None:
        cp.add(self._sum(self._going(0)) == cp_model.LinearExpr.sum(list(self.counts.values())))
        for node in self._nodes():
            coming, going = self._coming(node), self._going(node)
            gaps = {self._gap(p) for p in going}
            assert len(gaps) == 1, "The gaps after a node differ."
            low, high = gaps.pop()
            cp.add(self._sum(coming) == self._sum(going))
            for last in sorted({p.start for p in going}):
                late = [p for p in coming if p.end > last - low]
                if late:  # those that came too late are still here
                    cp.add(self._sum([p for p in going if p.start > last]) >= self._sum(late))
            for last in sorted({p.end for p in coming}):
                after = [p for p in going if p.start > last + high]
                if after:
                    cp.add(self._sum([p for p in coming if p.end > last]) >= self._sum(after))

    def _gap(self, position: Position) -> tuple[int, int]:
        return int(self.model.breaks.gap_low[position.edge]), int(self.model.breaks.gap_high[position.edge])

    def _arrive(self, cp: cp_model.CpModel) -> None:
        """The last ends fit the shifts' windows, the earliest end going to the shift with the earliest window."""
        coming = self._coming(self.key.node)
        cp.add(self._sum(coming) == cp_model.LinearExpr.sum(list(self.counts.values())))
        for close in sorted({_window(self.model, n)[1] for n in self.counts})[:-1]:
            closed = [c for n, c in self.counts.items() if _window(self.model, n)[1] <= close]
            cp.add(self._sum([p for p in coming if p.end <= close]) >= cp_model.LinearExpr.sum(closed))
        for open_ in sorted({_window(self.model, n)[0] for n in self.counts})[1:]:
            opened = [c for n, c in self.counts.items() if _window(self.model, n)[0] < open_]
            cp.add(self._sum([p for p in coming if p.end < open_]) <= cp_model.LinearExpr.sum(opened))

    def hint(self, cp: cp_model.CpModel, placed: Sequence[Sequence[tuple[int, int]]]) -> None:
        """Hints the flow of these shifts, each a list of (activity, slot) in the order of time."""
        breaks = self.model.breaks
        at = {(int(breaks.source[p.edge]), int(breaks.activity[p.edge]), p.start): p for p in self.flow}
        known = dict.fromkeys(self.flow, 0)
        for shift in placed:
            node = 0
            for activity, slot in shift:
                position = at.get((node, activity, slot - self.key.start))
                if position is None:
                    break
                known[position] += 1
                node = int(breaks.target[position.edge])
        for position, number in known.items():
            cp.add_hint(self.flow[position], number)

    def places(self, flow: dict[Position, int], counts: dict[int, int]) -> dict[int, list[dict[int, int]]]:
        """Tells the flow apart: for each shift number, for each that works it, the slot of each activity."""
        before: dict[tuple[Position, int], tuple[Position, int]] = {}
        for node in self._nodes():
            before.update(zip(_each(self._going(node), flow), _each(self._coming(node), flow), strict=True))
        arriving = _each(self._coming(self.key.node), flow)
        result: dict[int, list[dict[int, int]]] = {}
        for number in self.counts:
            for _ in range(counts[number]):
                token: tuple[Position, int] | None = next(arriving)
                starts: dict[int, int] = {}
                while token is not None:
                    position = token[0]
                    starts[int(self.model.breaks.activity[position.edge])] = self.key.start + position.start
                    token = before.get(token)
                result.setdefault(number, []).append(starts)
        return result


def _each(positions: Sequence[Position], flow: dict[Position, int]) -> Iterator[tuple[Position, int]]:
    """Every single shift that takes these places, one after the other."""
    return ((position, n) for position in positions for n in range(flow[position]))


def placed(starts: Smalls) -> list[tuple[int, int]]:
    """The activities of a shift with their slots, in the order of time."""
    found = [(activity, slot) for activity, slot in enumerate(starts.tolist()) if slot != OFF]
    return sorted(found, key=lambda one: one[1])


__all__ = ["Block", "Count", "Key", "Position", "blocks_of", "placed", "positions_of"]
