"""The packages that the generator writes from `specs/`, one a service. Never edited by hand."""
