"""Floor 1: the nouns. Frozen, picklable dataclasses; standard library only; no I/O anywhere."""
