"""Mutation testing: small faults are put into the rules, the acts and the SQL, and the tests must notice each."""
