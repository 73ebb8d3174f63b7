"""Two questions to the initiator after the outcome."""
