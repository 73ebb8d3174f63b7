"""What changes motions: one public function is one transaction."""
