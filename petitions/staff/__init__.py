"""People who work at the desks: sign-in, sessions, roles, and the record of changes."""
