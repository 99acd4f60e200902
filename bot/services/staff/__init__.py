"""The staff's side of the chat: who belongs to the team, and the desk that each of their subjects is a page of."""
