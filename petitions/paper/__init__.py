"""Signatures on paper: numbered sheets, two counts, shown apart."""
