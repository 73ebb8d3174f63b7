"""Following by e-mail: a petition, a committee, a subject or everything."""
