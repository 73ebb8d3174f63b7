"""Stories: journeys in a real browser."""
