"""Dependencies: what manifests declare, what a change does to them, and imports that nothing provides."""
