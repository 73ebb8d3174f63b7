"""What changes staff: one public function is one transaction."""
