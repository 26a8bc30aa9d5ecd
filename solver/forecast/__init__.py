"""From volumes of the past to volumes to come: day of the week, time of day, trend and holidays."""
