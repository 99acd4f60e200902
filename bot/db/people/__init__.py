"""Participants: their answers, consents and codes; two profiles as one; phones that people share."""
