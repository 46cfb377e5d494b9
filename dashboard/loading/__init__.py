"""Names in, core objects out, each loaded once for all visitors."""
