"""What the page explanations alone shows."""
