"""The use cases: plain functions over one transaction. They know no messenger; what they answer is a `Reply`."""
