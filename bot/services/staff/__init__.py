"""The team's side of the chat: who belongs to it, and the desk, on which each of its subjects has pages."""
