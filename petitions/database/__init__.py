"""The database: embedded or external PostgreSQL, the pool, migrations, named queries and group commit."""
