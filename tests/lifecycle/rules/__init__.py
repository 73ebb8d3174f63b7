"""Tests of lifecycle, rules."""
