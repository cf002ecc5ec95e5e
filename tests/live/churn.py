"""A cloud in motion: a process that adds and deletes images while others walk the list, until its input ends.

`python -m tests.live.churn SEED MARKER`: `MARKER` is a file in which a walker writes the id at which its page ended;
that image is deleted, if it is one of those that may go; so are twenty at most, and other images at random. Prints what
it did.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from pathlib import Path
from typing import Any

from scripts.openstack_stack.bootstrap import Api
from scripts.openstack_stack.seed import image

#: Images that go because a page ended at them, at most: some have to be left for the next walk.
AT_ENDS = 20


def mortal(images: dict[str, str]) -> list[str]:
    """Return the ids of the images that may be deleted: every third of the plain ones."""
    return [image_id for name, image_id in images.items() if name.startswith("img-") and int(name[4:]) % 3 == 0]


def token(seed: dict[str, Any]) -> str:
    """Log in as demo."""
    domain = {"id": "default"}
    user = {"name": "demo", "domain": domain, "password": seed["password"]}
    identity = {"methods": ["password"], "password": {"user": user}}
    auth = {"identity": identity, "scope": {"project": {"name": "demo", "domain": domain}}}
    answer = Api(seed["keystone"]).call("POST", "/auth/tokens", {"auth": auth})
    return str(answer.headers["X-Subject-Token"])


def main(seed_file: str, marker_file: str) -> None:
    """Add and delete until the input ends."""
    seed = json.loads(Path(seed_file).read_text("utf-8"))
    glance, marker = Api(seed["glance"], token(seed)), Path(marker_file)
    ended = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    chance = random.Random(4)
    left = set(mortal(seed["images"]))
    mine: list[str] = []
    counts = {"added": 0, "deleted": 0, "deleted at a page's end": 0}
    while not ended.wait(0.1):
        mine.append(image(glance, "newcomer", data=None))
        counts["added"] += 1
        at = marker.read_text("utf-8").strip() if marker.exists() else ""
        if at in left and counts["deleted at a page's end"] < AT_ENDS:
            gone, why = at, "deleted at a page's end"
        elif len(mine) > 5:
            gone, why = mine.pop(chance.randrange(len(mine))), "deleted"
        else:
            continue
        left.discard(gone)
        glance.call("DELETE", f"/v2/images/{gone}")
        counts[why] += 1
    print(json.dumps(counts))


if __name__ == "__main__":
    main(*sys.argv[1:])
