"""Old lists against the register: record linkage, what is parked for a person, and the report of the transition."""
