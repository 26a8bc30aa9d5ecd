"""The judge: what a roster breaks and what it costs, by a program that shares nothing with the solver."""

from solver.verify.judge import Judgement, judge

__all__ = ["Judgement", "judge"]
