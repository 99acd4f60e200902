"""A person's data is theirs: consents, what is stored, erasure, and who may not be without a helper."""
