"""The service that contacts get of a roster: by Erlang's formulas, and by playing them against it one by one."""
