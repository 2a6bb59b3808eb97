"""The language of ``zones.yaml``: its syntax, its vocabulary, its schema, and what is worth a second look."""
