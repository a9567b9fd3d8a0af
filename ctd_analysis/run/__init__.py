"""What is due is made: notebooks side by side, each to a page; what has not changed stays."""
