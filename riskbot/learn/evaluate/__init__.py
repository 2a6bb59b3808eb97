"""Measuring the risk model: baselines on the same rows, intervals, ablations, plots and the model card."""
