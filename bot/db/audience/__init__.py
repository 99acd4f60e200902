"""Who is in an audience: conditions over all people at once. docs/decisions/0015-audience.md explains how and why."""
