"""What is told in advance: found, planned, and planned anew when the world changes."""
