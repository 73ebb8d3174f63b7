"""The worker process: the loop that sends mail and the periodic maintenance."""
