"""Read models: what pages, the API and the embedded counters show. Nothing here writes."""
