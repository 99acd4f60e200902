"""What a person lets us write to them, and when."""
