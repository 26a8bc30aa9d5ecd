"""The compiled kernels: small loops over plain arrays, everything around them is plain Python."""
