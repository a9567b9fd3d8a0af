"""The bench: what a page shows, as pandas tables to take on from; pandas loads with the first of them."""
