"""Sentences made of findings and numbers."""
