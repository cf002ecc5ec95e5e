"""The commands that `nox -s regenerate`, `check`, `upstream` and `add_service` run; nothing here is shipped."""
