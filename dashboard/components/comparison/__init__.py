"""What the page comparison alone shows."""
