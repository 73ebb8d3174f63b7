"""What is read about motions; nothing here writes."""
