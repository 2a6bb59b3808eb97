"""Who or what wrote a change: the signs that it bears, sorted by how they are known."""
