"""The use cases that change a petition: one public function is one transaction."""
