"""Several people on one phone, and one person on another phone."""
