"""L3: the HTTP requests of flows (`fetch`), to the hosts that the environment allows and to no other address."""
