"""What the visitor can see and touch; each returns or reports what was chosen."""
