"""What the page dataset alone shows."""
