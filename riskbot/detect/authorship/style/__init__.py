"""Guesses from the style of added Python lines whether an agent wrote them: experimental, never proof."""
