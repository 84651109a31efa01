"""What has changed, for people and for programs. One file a format."""
