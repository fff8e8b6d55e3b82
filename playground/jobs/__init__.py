"""Where it runs: worker processes, the queue before them, and what a visitor may have."""
