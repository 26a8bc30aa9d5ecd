"""The service around the solver: HTTP, jobs, database and the command line."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("stint")
except PackageNotFoundError:  # a checkout that was not installed
    VERSION = "0+checkout"
