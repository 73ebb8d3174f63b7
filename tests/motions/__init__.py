"""Tests of motions."""
