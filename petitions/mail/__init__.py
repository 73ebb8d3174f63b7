"""Mail: what it says, the outbox it waits in, and its delivery over SMTP."""
