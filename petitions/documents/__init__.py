"""Documents of a dossier: filed at the desk, checked, published, withdrawn."""
