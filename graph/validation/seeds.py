"""The seeds of everything that is reported."""

REPORTED_SEED = 45
REPORTED_SEEDS = (45, 46, 47)
"""Seeds 42 to 44 were looked at when the model was chosen: nothing is reported on them."""
