"""What the page of all runs at once alone shows."""
