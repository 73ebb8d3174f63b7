"""The demo: believable petitions, people and growth, so that a fresh installation shows a petition's whole life."""
