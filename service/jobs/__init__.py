"""What happens to a job, from the request that comes in to the roster that is kept."""
