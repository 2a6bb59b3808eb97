"""Floor 5: the doors. Translators only: no decision is taken here."""
