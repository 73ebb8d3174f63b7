"""The use cases of verification: one public function is one transaction."""
