"""Pages about the service itself: about, contact, privacy, accessibility, components."""
