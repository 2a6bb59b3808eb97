"""Languages that the engine does not read: zones as taint rules of semgrep."""
