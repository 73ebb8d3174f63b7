"""Motions and votes of a parliament, by hand or from its open data."""
