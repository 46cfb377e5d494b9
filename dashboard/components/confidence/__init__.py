"""What the page confidence alone shows."""
