"""Rosters in the formats that people take away."""
