"""Stands for FastAPI."""
