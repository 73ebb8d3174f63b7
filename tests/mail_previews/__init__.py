"""Tests of mail_previews."""
