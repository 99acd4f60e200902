"""Openings: their cards and digests, who is interested, and the partners who hear of it."""
