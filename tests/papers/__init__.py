"""Tests of papers: PDFs that are looked into, files on the shelf, and the documents that the service makes."""
