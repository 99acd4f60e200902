"""The team: members, invitations, second factors, and forms in progress."""
