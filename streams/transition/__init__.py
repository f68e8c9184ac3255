"""From the lists before DTSEN to the register: rows read alike, pairs judged, and who would fall out of what."""
