"""The use cases of staff: one public function is one transaction."""
