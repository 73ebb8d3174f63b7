"""Tests of the table of event kinds."""
