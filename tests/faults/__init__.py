"""Tests of failures: processes killed, connections cut, a mail server away. Nothing acknowledged is lost."""
