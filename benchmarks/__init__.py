"""Accuracy and speed, measured; the tables that docs/ shows come from here."""
