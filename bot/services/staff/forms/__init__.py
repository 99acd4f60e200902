"""The forms that staff fill in, and what becomes of them."""
