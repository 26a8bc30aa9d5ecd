"""The HTTP face: each route parses, calls one function and returns."""
