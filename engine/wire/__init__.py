"""L1: the platform's formats: bytes and dictionaries in, the model's values out, and back."""
