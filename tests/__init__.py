"""The tests, in the layers of the code."""
