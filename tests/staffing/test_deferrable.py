"""Work that can wait: how even it gets, and when it is done."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solver.reading.staffing import read_staffing
from solver.staffing.deferrable import Work, taut
from solver.staffing.requirements import staffing

HOURS = [f"2026-11-30T{hour:02d}:00" for hour in range(8, 16)]


def mails(volumes, deadline, **fields):
    intervals = [{"start": at, "volume": n, "aht_seconds": 360} for at, n in zip(HOURS, volumes, strict=False)]
    closed = fields.pop("closed", ())
    intervals = [one | ({"max_staff": 0} if n in closed else {}) for n, one in enumerate(intervals)]
    staff = fields.pop("staff", None)
    if staff is not None:
        intervals = [one | {"staff": n} for one, n in zip(intervals, staff, strict=True)]
    return staffing(
        read_staffing({"interval_minutes": 60, "deadline_minutes": deadline, "intervals": intervals} | fields)
    )


def required(answer):
    return [one.required for one in answer.intervals]


def test_mail_that_may_wait_is_spread_evenly():
    answer = mails([80, 0, 0, 0], deadline=240)  # eight agent-hours of work
    assert required(answer) == [2, 2, 2, 2]
    assert [one.backlog for one in answer.intervals] == [60, 40, 20, 0]
    assert {one.service_level_percent for one in answer.intervals} == {100.0}


def test_mail_that_may_not_wait_is_done_as_it_comes():
    assert required(mails([80, 10, 35, 0], deadline=60)) == [8, 1, 4, 0]


def test_a_backlog_is_due_with_the_first_interval():
    assert required(mails([0, 0], deadline=60, backlog=30)) == [3, 0]


def test_agents_no_busier_than_allowed():
    assert required(mails([80], deadline=60, max_occupancy_percent=80)) == [10]


def test_nobody_works_while_it_is_closed_and_what_came_then_is_done_first():
    answer = mails([40, 40, 0, 0], deadline=120, closed=(0, 1))
    assert required(answer) == [0, 0, 8, 0]
    assert [one.service_level_percent for one in answer.intervals][:2] == [0.0, 100.0]


def test_what_is_due_later_is_left_and_told():
    answer = mails([80, 0], deadline=1440)
    assert required(answer) == [0, 0]
    assert [(m.code, m.severity) for m in answer.messages] == [("backlog_left", "info")]


def test_too_few_agents_are_late():
    answer = mails([80, 0, 0, 0], deadline=120, staff=[2, 2, 2, 2])
    first = answer.intervals[0].predicted
    assert first.service_level_percent == 50.0
    assert first.mean_wait_seconds == 90 * 60


def everything(arrivals, due, most):
    """The lowest peak by trying every staffing."""
    for peak in range(most + 1):
        for heads in itertools.product(range(peak + 1), repeat=len(arrivals)):
            if peak in heads or peak == 0:
                done, fine = 0, True
                for n, h in enumerate(heads):
                    done = min(done + h, sum(arrivals[: n + 1]))
                    fine = fine and all(done >= sum(arrivals[: k + 1]) for k in range(len(arrivals)) if due[k] == n)
                if fine:
                    return peak
    raise AssertionError


@given(st.lists(st.integers(0, 4), min_size=1, max_size=5), st.sampled_from([60, 120, 180, 600]))
def test_everything_is_done_in_time_at_the_lowest_peak(arrivals, deadline):
    work = Work([60 * n for n in range(len(arrivals))], arrivals, [True] * len(arrivals), 60, deadline)
    heads = work.agents()
    assert all(done.in_time == 1 for done in work.done_by(heads))
    assert max(heads) == everything(arrivals, work.due(), max(arrivals))


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), min_size=1, max_size=12))
def test_a_taut_line_goes_through_every_gate_and_rises(steps):
    lower = list(itertools.accumulate(low for low, _ in steps))
    upper = [low + room for low, (_, room) in zip(lower, steps, strict=True)]
    upper = list(itertools.accumulate(upper, max))
    line = taut(lower, upper)
    assert len(line) == len(steps)
    assert all(low - 1e-9 <= at <= high + 1e-9 for low, at, high in zip(lower, line, upper, strict=True))
    assert all(b >= a - 1e-9 for a, b in itertools.pairwise([0.0, *line]))


def test_work_never_done_has_no_mean_wait():
    work = Work([0], [3.0], [True], 60, 60)
    assert work.done_by([1])[0].wait == math.inf
    assert work.done_by([1])[0].in_time == pytest.approx(1 / 3)
