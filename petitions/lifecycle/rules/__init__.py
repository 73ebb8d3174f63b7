"""Pure rules of the life of a petition, one file per stage: no database, no clock, no web."""
