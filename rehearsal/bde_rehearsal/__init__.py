"""Stands in for a daemon whose package cannot be had, so that its wiring can be rehearsed. See ../README.md."""
