"""What is read about data; nothing here writes."""
