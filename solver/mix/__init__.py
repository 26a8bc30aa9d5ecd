"""How many of which contract: `candidates` makes a roster request of it, `mix` solves that and counts."""
