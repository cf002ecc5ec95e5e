"""What every operation does under every fault, as one table, and what generated requests find in the local servers."""
