"""Digits of one's own: pictures taken in, labelled by their names, and kept as a data set."""
