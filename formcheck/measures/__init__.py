"""Poses become measures of repetitions: smoothing, standing, corrections, repetitions."""
