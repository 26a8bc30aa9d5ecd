"""Planned against actual: what came, who was there, and why it came out as it did."""
