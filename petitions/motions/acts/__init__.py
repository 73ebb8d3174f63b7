"""The use cases of motions: one public function is one transaction."""
