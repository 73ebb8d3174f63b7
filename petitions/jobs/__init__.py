"""The worker: deliver mail, close petitions, remind, forget personal data."""
