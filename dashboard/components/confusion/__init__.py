"""What the page confusion alone shows."""
