"""Floor 3: Verdict -> words; pure."""
