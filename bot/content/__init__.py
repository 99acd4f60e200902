"""What a town may change: reads and checks the content folder, and turns text keys into words of one language."""
