"""Floor 2: the world, one door each. Nothing else starts a process or opens a socket."""
