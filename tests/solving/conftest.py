"""What several tests of solving need."""

import pytest

import solver.compile.sums


@pytest.fixture
def no_room(monkeypatch):
    """Graphs hold no sum, not even of a day or two."""
    monkeypatch.setattr(solver.compile.sums, "MOST_STATES", 0)
    monkeypatch.setattr(solver.compile.sums, "SHORT", 0)
