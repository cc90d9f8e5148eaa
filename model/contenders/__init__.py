"""Learned networks as methods of the grid: cisgraph itself, and the head that EpiAwareNet published."""
