"""Local servers that behave like the real ones: for our tests, the demo, and the tests of those who use us.

One folder a service, each with one server class that is a context manager, and one for registries. `server` holds what
they have in common, `contract` the check of requests against the service's document, `faults` what goes wrong by name,
`plugin` the fixtures for pytest. Needs the extra `testing`.
"""
