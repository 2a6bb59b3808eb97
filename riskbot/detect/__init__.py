"""Floor 3: Change -> Findings; one detector, one file, one line in the registry."""
