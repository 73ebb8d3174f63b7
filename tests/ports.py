"""Ports for the servers of tests."""

import random
import socket


def free_port() -> int:
    """A port that nobody listens on, out of those that the system gives to no outgoing connection meanwhile."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")
