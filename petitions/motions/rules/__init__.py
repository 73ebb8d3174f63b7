"""Pure rules of motions."""
