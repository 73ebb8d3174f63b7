"""Open data for other programs: the read API, feeds and the map of the site."""
