"""Says what to install where the extra `testing` is not: each package of servers imports this first."""

from importlib.util import find_spec

for _name in ("openapi_core", "starlette", "uvicorn"):
    if find_spec(_name) is None:
        raise ModuleNotFoundError(
            f"The local servers are an extra ({_name} is not there): pip install 'imageapis[testing]'.", name=_name
        )
