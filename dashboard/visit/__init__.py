"""What a visitor looks at: taken from address and session, settled, and loaded for the page."""
