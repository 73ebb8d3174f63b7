"""What changes verification: one public function is one transaction."""
