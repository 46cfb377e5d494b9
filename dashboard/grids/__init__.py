"""What the cells of a table of buttons show: one file per table, arrays in, a `Grid` out.

- grid.py: `Grid`, `Line`, `Part`, `Edge`
- confusion.py: the confusion matrix, and the mistake atlas, which is the same table with pictures
"""
