"""What changes following: one public function is one transaction."""
