"""Handing signatures over to a body: a logged, short-lived export with the columns that it asks."""
