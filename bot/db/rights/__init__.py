"""What is deleted: erasure, retention, withdrawn purposes. And what is stored about a person."""
