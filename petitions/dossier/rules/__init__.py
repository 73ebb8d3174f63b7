"""Pure rules of dossier."""
