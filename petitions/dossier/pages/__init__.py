"""The pages of dossier."""
