"""What the page sets alone shows."""
