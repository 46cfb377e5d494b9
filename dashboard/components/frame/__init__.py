"""What stands around every page: menu, sidebar, address, style."""
