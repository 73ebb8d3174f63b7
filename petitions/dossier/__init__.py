"""Everything about a petition on one page, as data, as PDF, event by event and version by version."""
