"""The desks of moderators and administrators."""
