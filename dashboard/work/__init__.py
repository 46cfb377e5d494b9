"""Worker processes, and long work that goes on beside the pages."""
