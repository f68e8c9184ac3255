"""Programs of those around the register: they know its topics and its contracts, and nothing of its insides."""
