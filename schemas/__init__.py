"""The words that everyone shares: requests, rosters, jobs, rules and faults. Imports nothing else of Stint."""
