"""From a request to the model that every engine works on."""

from solver.compile.model import OFF, Model, Plan
from solver.compile.recipe import compile_request

__all__ = ["OFF", "Model", "Plan", "compile_request"]
