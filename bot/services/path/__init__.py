"""The path from somebody's level to their goal, and what is told of its last days."""
