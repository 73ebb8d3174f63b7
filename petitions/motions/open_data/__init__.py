"""The import of motions and votes from the open data of the Tweede Kamer (OData)."""
