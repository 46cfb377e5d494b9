"""What the page training alone shows."""
