"""The language server as an editor has it: the real process, over standard input and output."""
