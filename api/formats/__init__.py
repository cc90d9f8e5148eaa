"""Networks in the formats of other tools: one writer a file, one contract."""
