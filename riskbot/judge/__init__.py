"""Floor 3: Assessment -> Verdict; pure: the same facts always give the same verdict."""
