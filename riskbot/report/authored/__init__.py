"""Commits with what is known of who wrote them, in words: a table, a document, lines, and shares over time.

Importing this package costs nothing; each writer is imported when it is first used.
"""
