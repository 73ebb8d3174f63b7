"""Tests of papers: inspecting PDFs, the file store, and typesetting."""
