"""Offhook: call flows as code for the SignalWire calling API.

The package is layered; imports go down only (`docs/architecture.md` draws it):

    L0 model                                          values
    L1 expr wire compile interpret exchange           pure functions
    L2 simulate                                       pure, built on L1
    L3 journal calling webhook project sandbox        shells: one kind of I/O each
    L4 runner                                         the live process
    L5 cli                                            the command `offhook`
"""

__version__ = "0.1.0"
