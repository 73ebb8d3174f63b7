"""Specimens of every mail, shown at the desk."""
