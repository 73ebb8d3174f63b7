"""Papers: the files of documents, what is looked for in them, and the documents that the service makes itself."""
