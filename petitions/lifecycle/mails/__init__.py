"""The mails about the life of a petition."""
