"""What goes: erasure, retention, purposes that nobody agrees to; and what is stored about a person."""
