"""Floor 3: the world -> Change."""
