"""Rules in a period that repeats: what went before a tour is the tour itself.

A graph walks from a history that is known to an end that is open, and here neither is so: the rules are kept apart, and
a tour is walked by each of them from the state in which the tour itself leaves it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from solver.compile.model import OFF
from solver.compile.shifts import CompiledShift
from solver.rules.base import Day, RuleAgent, TourRule, Worked, repeated

Book = tuple[tuple[TourRule, int | None], ...]
"""Rules, each with the units that a breach costs; None forbids it."""

Walks = tuple[Hashable, ...]
"""Of a rule: where the days so far may have led, from every state in which a tour could begin."""

MOST_STATES = 5_000


@dataclass(frozen=True)
class Cycle:
    """The rules of each agent, and the shifts that they read."""

    catalogue: Sequence[CompiledShift]
    books: Sequence[Book]  # by agent
    agents: Sequence[RuleAgent]
    _prices: dict[Hashable, int | None] = field(default_factory=dict)

    def worked(self, shift: int) -> Worked | None:
        """The shift as rules read it."""
        return None if shift == OFF else self.catalogue[shift].worked

    def price(self, agent: int, tour: Sequence[int]) -> int | None:
        """Units that the rules charge for a tour, given as shift numbers by day; None where one forbids it."""
        key = (id(self.books[agent]), self.agents[agent].published, tuple(tour))
        if key not in self._prices:
            self._prices[key] = self.price_by(self.books[agent], agent, tour)
        return self._prices[key]

    def price_by(self, book: Book, agent: int, tour: Sequence[int]) -> int | None:
        """Units that these rules charge for a tour; None where one forbids it."""
        shifts = [self.worked(shift) for shift in tour]
        person, total = repeated(self.agents[agent], shifts), 0
        for rule, price in book:
            state, units = rule.start(person), 0
            for day, shift in zip(person.days, shifts, strict=True):
                step = rule.step(state, day, rule.reads(day, shift, 0))
                state, units = step.state, units + step.breaches
            units += rule.finish(state, person.days[-1])
            if units and price is None:
                return None
            total += units * (price or 0)
        return total

    def blind_to_shifts(self, agent: int, shifts: Sequence[Sequence[int]]) -> Book:
        """The agent's rules that read the same of all these shifts of a day: they see who works, and not what."""
        days = self.agents[agent].days
        return tuple(
            (rule, price)
            for rule, price in self.books[agent]
            if all(
                len({rule.reads(day, self.worked(shift), 0) for shift in today}) <= 1
                for day, today in zip(days, shifts, strict=True)
            )
        )

    def tours(self, agent: int, options: Sequence[Sequence[int]], most: int) -> Iterator[tuple[tuple[int, ...], int]]:
        """Tours of an agent that the rules allow, with their price; so many at most.

        Args:
            agent: the row of the agent.
            options: by day, numbers of shifts, or OFF.
            most: when to end.
        """
        walker = _Walker(self, agent, options)
        found = 0
        for tour in walker.tours():
            price = self.price(agent, tour)
            if price is not None:
                yield tour, price
                found += 1
                if found == most:
                    return


class _Walker:
    """Depth first through the days, every hard rule walked from all states at once in which it could begin."""

    def __init__(self, cycle: Cycle, agent: int, options: Sequence[Sequence[int]]) -> None:
        self._days = cycle.agents[agent].days
        self._rules = [rule for rule, price in cycle.books[agent] if price is None]
        self._options = options
        self._reads = [
            [[rule.reads(day, cycle.worked(shift), 0) for rule in self._rules] for shift in today]
            for day, today in zip(self._days, options, strict=True)
        ]
        pasts = [repeated(cycle.agents[agent], [cycle.worked(shift) for shift in past]) for past in self._pasts()]
        self._begins = [
            tuple(self._states(number, {rule.start(person) for person in pasts}))
            for number, rule in enumerate(self._rules)
        ]
        self._known: list[dict[Hashable, Walks]] = [{} for _ in self._rules]

    def _pasts(self) -> Iterator[list[int]]:
        """Tours that end in each way in which one can: with so many days of a shift, or so many off after one."""
        days = len(self._options)
        for shift in sorted(set().union(*self._options)):
            for number in range(days + 1):
                yield [OFF] * (days - number) + [shift] * number
                yield [shift] * (days - number) + [OFF] * number

    def _states(self, number: int, starts: set[Hashable]) -> Iterable[Hashable]:
        """The states in which the rule may be when the period begins, and more: those to which any days lead."""
        rule, met, new = self._rules[number], set(starts), starts
        while new and len(met) <= MOST_STATES:
            states = new
            for day, today in zip(self._days, self._reads, strict=True):
                reads = {own[number] for own in today}
                steps = (rule.step(state, day, read) for state in states for read in reads)
                states = {step.state for step in steps if not step.breaches}
            new = states - met
            met |= new
        return sorted(met, key=repr)

    def tours(self) -> Iterator[tuple[int, ...]]:
        """Every tour that no rule forbids from all states; whether it may be repeated is for the rules to say."""
        stack: list[tuple[tuple[int, ...], list[Walks]]] = [((), self._begins)]
        while stack:
            tour, walks = stack.pop()
            if len(tour) == len(self._days):
                yield tour
                continue
            day = self._days[len(tour)]
            for shift, reads in zip(self._options[len(tour)], self._reads[len(tour)], strict=True):
                after = [self._step(n, day, own, read) for n, (own, read) in enumerate(zip(walks, reads, strict=True))]
                if all(after):
                    stack.append(((*tour, shift), after))

    def _step(self, number: int, day: Day, walks: Walks, read: Hashable) -> Walks:
        rule, known = self._rules[number], self._known[number]
        key = walks, rule.day_key(day), read
        if key not in known:
            steps = (rule.step(state, day, read) for state in walks)
            known[key] = tuple(dict.fromkeys(step.state for step in steps if not step.breaches))
        return known[key]


__all__ = ["Book", "Cycle"]
