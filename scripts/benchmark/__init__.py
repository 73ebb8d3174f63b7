"""The benchmark of ``scripts/bench``: how the service stands in a storm, measured on one machine in one run."""
