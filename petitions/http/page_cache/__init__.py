"""Answers that are the same for everybody: made once a second, compressed at most once, sent before routing."""
