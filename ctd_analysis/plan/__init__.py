"""The law, clause by clause: the year's rules as data, and what they say of facts. No file, no year."""
