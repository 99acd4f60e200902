"""The team itself: who belongs to it, who comes, who leaves."""
