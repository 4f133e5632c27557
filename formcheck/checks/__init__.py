"""Measures become findings: checks, faults, exercises, profiles, judging, score, the report as data."""
