"""Sheets that others filled in, in whatever layout → the tables of a submission.

`child` opens files in a process of its own, `grid` holds what it found, `workbook` reads the tables out of it.
"""
