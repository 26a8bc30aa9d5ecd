"""From a request to a verified roster."""
