"""A recorded tour: every address of the service is asked, and two such recordings are compared."""
