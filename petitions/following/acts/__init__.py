"""The use cases of following: one public function is one transaction."""
