"""What people fill in: starting, signing, following, and the pages behind personal links."""
