"""The kinds of events in the life of a petition: their facts, who is told of them, and in which sentences."""
