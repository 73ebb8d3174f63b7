"""The benchmark of ``scripts/bench``: the performance of the service under heavy load, on one machine in one run."""
