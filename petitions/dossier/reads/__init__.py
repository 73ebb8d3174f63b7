"""What is read about dossier; nothing here writes."""
