"""The size of every image that this product is made for."""

SIDE = 28
"""Rows and columns, in pixels of grey."""

SHAPE = (SIDE, SIDE)
