"""Tests of machinery."""
