"""Said in sentences: what was found, why a unit stands where it stands, what the Council has to settle."""
