"""Apart: fitting and measuring the shipped models. Nothing imports it; ``riskbot[learn]`` has its needs."""
