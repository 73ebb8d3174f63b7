"""The pages of about."""
