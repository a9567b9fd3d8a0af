"""What may be asked of a judged year: why, how firmly, how far, and what if."""
