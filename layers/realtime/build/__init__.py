"""Runs when the layer is built, and in the checks; not part of what is deployed."""
