"""Declared contacts of a committee about a petition."""
