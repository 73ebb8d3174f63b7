"""Public questions between committee and initiator, and their answers."""
