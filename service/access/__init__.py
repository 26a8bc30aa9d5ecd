"""Who may do what: keys and tokens that callers show, and what they open."""
