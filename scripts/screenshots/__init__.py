"""Pictures of every page and state of the demonstration, to be looked at one by one."""
