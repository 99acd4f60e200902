"""The team: members, invitations, begun forms."""
