"""What an editor asks, of texts with a mark where the cursor is."""
