"""The HTTP machinery: state, forms, templates, page cache, load shedding, safeguards. No words of the domain."""
