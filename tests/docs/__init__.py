"""The documents hold: every example in them is executed, every place and link that they name exists, nothing is left out."""
