"""Everything said once before anybody hears it."""
