"""Screenshots of every page and state of the demonstration, to be reviewed one by one."""
