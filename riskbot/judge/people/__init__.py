"""Who is who: names in a policy -> people, who is interested in a change, and whose opinion counts."""
