"""What a town may change. Reads and checks the content folder, and turns text keys into words of a language."""
