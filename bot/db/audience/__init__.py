"""Who is in an audience: conditions over everybody at once. docs/decisions/0015-audience.md says how, and why so."""
