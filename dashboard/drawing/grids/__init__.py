"""What the cells of a table of buttons show: one file per table, arrays in, a `Grid` out.

- grid.py: `Grid`, `Line`, `Part`, `Edge`, `Legend`
- confusion.py: the confusion matrix, and the mistake atlas, which is the same table with pictures
- changes.py: cells of mistakes split by what became of them, and prediction against prediction
- ribbon.py: what runs answered to one image after every epoch
"""
