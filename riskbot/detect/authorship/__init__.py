"""Who or what wrote a change, by the signs it bears: a catalogue of them as data, and what they add up to."""
