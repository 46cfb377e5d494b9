"""What the page history alone shows."""
