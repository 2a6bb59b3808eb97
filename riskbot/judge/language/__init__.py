"""The policy language: YAML with places -> typed, frozen policies, or an error that points."""
