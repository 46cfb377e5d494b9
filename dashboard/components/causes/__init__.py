"""What the page causes alone shows."""
