"""What clauses need of people: a small algebra, the smallest sets who would do, and whom to ask first."""
