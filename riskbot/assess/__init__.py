"""Floor 3: Change + Findings -> Assessment."""
