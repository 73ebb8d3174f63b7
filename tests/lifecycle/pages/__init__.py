"""Tests of lifecycle, pages."""
