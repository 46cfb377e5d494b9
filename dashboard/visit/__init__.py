"""What the visitor looks at: chosen, kept in the address, repaired, loaded as one view."""
