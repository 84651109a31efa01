"""A runner in this process that is abandoned at any await and at any write, and taken over by the next."""
