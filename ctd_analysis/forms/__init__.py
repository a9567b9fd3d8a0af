"""Workbooks out and back: what a cluster is sent to fill in, and what it is sent back to mend."""
