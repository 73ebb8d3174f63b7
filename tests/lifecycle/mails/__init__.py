"""Tests of lifecycle, mails."""
