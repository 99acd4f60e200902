"""Questions: their cards, what is asked of whom, and what was said so far."""
