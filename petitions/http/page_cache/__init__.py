"""The page cache: answers that are the same for everybody, made once a second and sent before routing."""
