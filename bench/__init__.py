"""Measurements: this solver against published instances, against the plain model, and against what can be proved.

Published data is not part of the project; each family says where it comes from.
"""
