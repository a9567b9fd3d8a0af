"""Sheets that others filled in, in whatever layout → a submission's tables, every cell accounted for."""
