"""Open data of bodies: read from files or from an address, checked, and handed to the use cases."""
