"""The mailbox of the demonstration: a mail catcher and the pages that show what it caught."""
