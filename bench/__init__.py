"""`make bench`: measures the two functions against other implementations of the same routes."""
