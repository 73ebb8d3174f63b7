"""What pages and the API show of a petition; nothing here writes."""
