"""Scripts of the project, one verb each."""
