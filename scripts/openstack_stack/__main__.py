"""`python -m scripts.openstack_stack all|setup|start|seed|stop|status|wipe|env`."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

from scripts.openstack_stack.stack import Stack, StackError, default_folder


def main(arguments: list[str] | None = None) -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m scripts.openstack_stack", description=__doc__)
    parser.add_argument("command", choices=["all", "setup", "start", "seed", "stop", "status", "wipe", "env"])
    parser.add_argument("--folder", type=Path, help="where it lies; IMAGEAPIS_STACK, or in the user's cache")
    parser.add_argument("--max-limit", type=int, default=1000, help="Nova's [api]max_limit (setup)")
    parser.add_argument("--token-life", type=int, default=3600, help="seconds (setup)")
    parser.add_argument("--images", type=int, default=120, help="plain numbered images (setup)")
    given = parser.parse_args(arguments)
    stack = Stack((given.folder or default_folder()).absolute())
    began = time.monotonic()

    def done(what: str) -> None:
        print(f"{what:<10} {time.monotonic() - began:5.1f} s  {stack.folder}", flush=True)

    try:
        if given.command in {"all", "setup"}:
            stack.install()
            done("installed")
            stack.setup(max_limit=given.max_limit, token_life=given.token_life, images=given.images)
            done("set up")
        if given.command in {"all", "start"}:
            stack.start()
            done("started")
        if given.command in {"all", "seed"}:
            stack.seed()
            done("seeded")
        if given.command in {"stop", "wipe"}:
            stack.stop()
            done("stopped")
        if given.command == "wipe":
            shutil.rmtree(stack.folder, ignore_errors=True)
        if given.command == "status":
            for name, pid in stack.status().items():
                print(f"{name:<10} {'down' if pid is None else pid}")
        if given.command == "env":
            print(variables(stack))
    except StackError as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def variables(stack: Stack) -> str:
    """Return the variables of the seeded user demo, for a shell."""
    named = {
        "AUTH_URL": stack.settings.keystone_url,
        "USERNAME": "demo",
        "PASSWORD": "not-a-secret",
        "PROJECT_NAME": "demo",
        "USER_DOMAIN_NAME": "Default",
        "PROJECT_DOMAIN_NAME": "Default",
        "REGION_NAME": "RegionOne",
    }
    return "\n".join(f"export OS_{name}={value}" for name, value in named.items())


if __name__ == "__main__":
    sys.exit(main())
