"""The demo: realistic petitions, people and growth, so that a fresh installation shows a petition's whole life."""
