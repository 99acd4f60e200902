"""Deliveries: claimed, said as the world is by then, recorded; and the taps on them."""
