"""What the page overview alone shows."""
