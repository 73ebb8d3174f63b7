"""Tests of lifecycle, acts."""
