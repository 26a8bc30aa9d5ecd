"""The errand of a prediction with a simulation in it."""

from __future__ import annotations

from collections.abc import Callable

from schemas.prediction import Prediction
from solver.prediction.formulas import predict
from solver.prediction.simulate import simulate
from solver.reading.prediction import read_prediction


def answer(raw: bytes, stop: Callable[[], bool]) -> Prediction:
    """The service by the formulas and, where asked for, by simulation.

    Raises:
        RequestRefused: with every fault that was found.
    """
    asked = read_prediction(raw)
    found = predict(asked.request, asked.roster, asked.work)
    if asked.simulation is None:
        return found
    played = simulate(asked.request, asked.roster, asked.work, asked.simulation, stop)
    return found.model_copy(update={"simulation": played})
