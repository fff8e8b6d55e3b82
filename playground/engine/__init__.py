"""What carries out a training step; engines share one contract and may be exchanged."""
