"""A typed Python function for every named query, written from what PostgreSQL says of the prepared statement."""
