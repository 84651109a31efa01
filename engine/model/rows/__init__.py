"""The rows of the table of verbs, by what they are about. `engine.model.verbs` puts them together."""
