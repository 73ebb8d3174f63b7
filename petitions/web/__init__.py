"""The HTTP edge: what the browser asks, which use case answers, which page shows it."""
