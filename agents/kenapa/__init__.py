"""`dtsen kenapa`: looks back at a family as sealed quarters saw it, and tells why, as text, JSON and one HTML page."""
