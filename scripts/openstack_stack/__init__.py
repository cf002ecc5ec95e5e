"""A real Keystone, Glance, Nova and Placement on loopback, built with pip alone: SQLite, no broker, no compute node.

`python -m scripts.openstack_stack all` builds, starts and fills it in about a minute; `nox -s live_openstack` runs the
live tests against it. `stack` builds and runs, `configs` writes its settings, `bootstrap` and `seed` fill it.
"""
