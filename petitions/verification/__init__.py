"""The check of support by a sample that anybody can draw again."""
