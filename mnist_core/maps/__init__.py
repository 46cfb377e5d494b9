"""Maps of a split: what a model's last layer sees of it, laid out in two dimensions."""
