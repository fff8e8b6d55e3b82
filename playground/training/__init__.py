"""What is learnt: training loops as generators of events, and what is measured on the way."""
