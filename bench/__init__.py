"""`make bench`: what the two functions cost, beside what people would write instead."""
