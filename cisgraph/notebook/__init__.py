"""The notebook façade: the answers of the API, as pandas frames and pictures."""
