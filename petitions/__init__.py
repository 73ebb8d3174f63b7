"""Petitions: a petition and citizen-initiative service that a parliament can run."""
