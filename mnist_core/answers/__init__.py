"""What models answered to a split, and all that follows from it."""
