"""What the page pictures alone shows."""
