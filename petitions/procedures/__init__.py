"""The rules of real bodies as versioned TOML files, with their committees and reasons. Data only."""
