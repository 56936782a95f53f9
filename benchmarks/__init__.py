"""Benchmarks: how long and how much memory builds take, beside the peers, in one run."""
