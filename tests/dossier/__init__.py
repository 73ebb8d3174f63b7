"""Tests of dossier."""
