"""The mails about the life of a petition and the words in which its events are told."""
