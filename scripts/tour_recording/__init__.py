"""A recorded tour: every address of the service is requested, and two such recordings are compared."""
