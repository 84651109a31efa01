"""L3: sends commands to the calling API; the only package that speaks HTTP to the platform."""
