"""What the page sketch alone shows."""
