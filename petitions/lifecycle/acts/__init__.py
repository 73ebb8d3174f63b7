"""What changes a petition: one public function is one transaction."""
