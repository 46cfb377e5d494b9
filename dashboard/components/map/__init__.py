"""What the page of the map alone shows."""
