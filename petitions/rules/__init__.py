"""The rules: pure functions of facts, procedure and a given time. No I/O, no clock, no async."""
