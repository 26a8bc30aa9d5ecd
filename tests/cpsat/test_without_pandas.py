"""OR-Tools does what Stint asks of it without pandas."""

import subprocess
import sys

SCRIPT = """
import sys
from solver.without_pandas import StandIn, leave_pandas_out
leave_pandas_out()
import solver.solve, solver.capacity.hiring
from ortools.sat.python import cp_model
assert isinstance(sys.modules["pandas"], StandIn)
assert not [name for name in sys.modules if name.startswith("pandas.")]
model = cp_model.CpModel()
x, y = (model.new_int_var(0, 5, name) for name in "xy")
model.add(x + 2 * y <= 7)
model.maximize(3 * x + 4 * y)
solver = cp_model.CpSolver()
assert solver.solve(model) == cp_model.OPTIMAL
print(solver.objective_value, solver.value(x), solver.values)
"""


def test_a_model_is_solved_and_pandas_stays_out():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("19.0 5 ")


def test_where_pandas_is_loaded_it_stays():
    script = "import pandas; from solver.without_pandas import leave_pandas_out as out; out(); import pandas as it"
    done = subprocess.run([sys.executable, "-c", f"{script}; print(it.Series([1, 2]).sum())"], capture_output=True)
    assert done.stdout.strip() == b"3"
