"""What the service endures and how fast it is: chaos, takeover, cancelling, readers, large requests."""
