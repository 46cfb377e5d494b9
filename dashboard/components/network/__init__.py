"""What the page network alone shows."""
