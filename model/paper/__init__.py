"""EpiAwareNet's published head, as a competitor: gene embeddings and labelled edges in, scores out."""
