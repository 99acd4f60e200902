"""Broadcasts: whom they are for, how they go out, and what people do with them."""
