"""A year's folder → rows → facts: submissions, register, session, each row with the place it was read at."""
