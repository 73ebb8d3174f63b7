"""The agenda of committees: meetings and hand-overs as pages and iCalendar."""
