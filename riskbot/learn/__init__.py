"""Apart: fitting and measuring the shipped models, behind `riskbot learn`; `riskbot[learn]` has its needs."""
