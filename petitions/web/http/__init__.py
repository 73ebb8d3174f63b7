"""The HTTP machinery: what comes in and goes out, guards, limits, forms, caches, templates and files."""
