"""Tests of the recorded tour."""
