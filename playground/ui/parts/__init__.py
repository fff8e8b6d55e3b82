"""What single topics need beyond the generic controls."""
