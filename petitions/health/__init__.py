"""Whether a process lives and can serve, for load balancers and operators."""
