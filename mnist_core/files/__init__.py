"""Files: written whole or not at all, read without trust, and those of the cache folder."""
