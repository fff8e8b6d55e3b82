"""What is kept: runs that can be opened again."""
