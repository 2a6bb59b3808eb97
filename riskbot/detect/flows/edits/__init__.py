"""What a change does to the zones, and to the code that they rely on."""
