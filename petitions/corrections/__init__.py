"""Corrections of what was published, in public, with the earlier words."""
