"""What happens in a quarter: each module changes the world and writes the events of one kind of change."""
