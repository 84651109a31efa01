"""Checks of the code itself: layers, purity, completeness, the wheel."""
