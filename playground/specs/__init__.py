"""What can be asked for: one frozen dataclass per experiment."""
