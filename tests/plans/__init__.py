"""No query of the bot reads a whole table that grows, on either database."""
