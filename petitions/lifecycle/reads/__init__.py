"""The queries for pages and the API; nothing here writes."""
