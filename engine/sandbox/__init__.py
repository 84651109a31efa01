"""The sandbox: the exchange behind real HTTP, and a text phone to ring it with.

`service.Sandbox` serves the vendor's paths (/api/...) and its own (/sandbox/...), which place
calls, act as the person on the line, and tell everything that was heard, asked for and sent.
"""
