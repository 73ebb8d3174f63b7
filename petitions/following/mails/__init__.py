"""The mails of following."""
