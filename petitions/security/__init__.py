"""Signed links and the encryption of personal data."""
