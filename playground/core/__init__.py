"""What everything else stands on: registry, events, frames, errors, paths, settings, seed."""
