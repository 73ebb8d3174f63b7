"""Pages, feeds and data for everybody."""
