"""What the worker does for dossier."""
