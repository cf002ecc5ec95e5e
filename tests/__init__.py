"""The tests: `unit`, `pipeline`, one folder a service, `cassettes`, `live`, `benchmarks`."""
