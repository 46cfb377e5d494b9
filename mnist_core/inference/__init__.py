"""Trained models at work: opening, predicting, what their layers see, nearest images."""
