"""A fourth service on the real thing: from Placement's published document to calls against the stack's Placement.

What the document cannot know is written by hand on a scratch copy, as a developer would: that the server has to be
asked for its newer microversions, by a header that the document does not know, and that it then answers otherwise.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from scripts.add_service import main as add_service
from scripts.openstack_stack.bootstrap import token
from scripts.openstack_stack.stack import Stack, default_folder
from scripts.pipeline.project import Project
from scripts.regenerate import regenerate
from tests.pipeline import scratch

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENT = scratch.ROOT.parent / "shared" / "documents" / "placement.yaml"
pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not DOCUMENT.is_file(), reason="the published document is not beside this checkout"),
]
ACTIONS = """\
actions:
  - target: $.paths['/resource_providers'].post.responses
    description: Since 1.20 the server answers 200, and with the provider.
    update: {"200": {description: Made., content: {application/json: {schema: {type: object}}}}}
  - target: $.paths['/allocations/{consumer_uuid}'].put.responses
    description: The server has nothing to tell of what it has done.
    update: {"204": {description: Done.}}
  - target: $.paths['/traits/{name}'].put.responses
    description: Nor of a trait; it only tells a new one from one that was there.
    update: {"201": {description: Made.}, "204": {description: It was there.}}
"""
BEFORE = "read_error=read_error)"
MICROVERSION = 'read_error=read_error, headers={"OpenStack-API-Version": "placement 1.39"})'
BY_HAND = """
import sys
import uuid

import anyio

from imageapis.errors import Conflict, NotAuthenticated, NotFound
from imageapis.placement import AsyncPlacement, Placement, auth

endpoint, token = sys.argv[1:]
node, consumer, stock = str(uuid.uuid4()), str(uuid.uuid4()), {"VCPU": {"total": 8}}
with Placement(auth.api_key(endpoint, key=token)) as placement:
    made = placement.resource_providers_post(body={"name": node, "uuid": node})
    print("made", made["generation"])
    print("there", [one["uuid"] for one in placement.resource_providers_get()["resource_providers"]].count(node))
    body = {"resource_provider_generation": 0, "inventories": stock}
    print("stock", placement.resource_providers_uuid_inventories_put(node, body=body)["inventories"]["VCPU"]["total"])
    try:
        placement.resource_providers_uuid_inventories_put(node, body=body)
    except Conflict as refusal:
        print("conflict", refusal.code)
    taken = {"allocations": {node: {"resources": {"VCPU": 3}}}, "consumer_generation": None,
             "consumer_type": "INSTANCE", "project_id": "p", "user_id": "u"}
    print("taken", placement.allocations_consumer_uuid_put(consumer, body=taken))
    print("used", placement.resource_providers_uuid_usages_get(node)["usages"])
    print("trait", placement.traits_name_put("CUSTOM_BLUE"), "CUSTOM_BLUE" in placement.traits_get()["traits"])


async def main():
    async with AsyncPlacement(auth.api_key(endpoint, key=token)) as placement:
        print("gone", await placement.allocations_consumer_uuid_delete(consumer))
        await placement.resource_providers_uuid_delete(node)
        try:
            await placement.resource_providers_uuid_get(node)
        except NotFound as refusal:
            print("not found", refusal.code, refusal.request_id is not None)
    async with AsyncPlacement(auth.api_key(endpoint, key="of nobody")) as placement:
        try:
            await placement.resource_providers_get()
        except NotAuthenticated:
            print("nobody")


anyio.run(main)
"""
SHOWN = """\
made 0
there 1
stock 8
conflict placement.concurrent_update
taken None
used {'VCPU': 3}
trait None True
gone None
not found placement.undefined_code True
nobody
"""


def test_placements_document_becomes_calls_to_the_real_placement(
    tmp_path: Path, seed: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    scratch.copied(tmp_path)
    assert add_service(["placement", str(DOCUMENT), "--select", "/", "--project", str(tmp_path)]) == 0
    edit(tmp_path / "specs/placement/overlay.yaml", "actions: []\n", ACTIONS)
    edit(tmp_path / "overlays/imageapis/placement/client.py", BEFORE, MICROVERSION)
    regenerate(Project(tmp_path))
    admin, _ = token(Stack(default_folder()).settings, "admin", seed["admin_password"], "admin")
    called = scratch.run(tmp_path, BY_HAND, seed["placement"], admin)
    assert (called.stderr, called.stdout) == ("", SHOWN)
    assert "none of them wrong" in capsys.readouterr().out
    lines = len(ACTIONS.splitlines()) + 1
    with capsys.disabled():
        print(f"\nPlacement: {time.monotonic() - began:.0f} s from the document to the calls, {lines} lines by hand")


def edit(path: Path, before: str, after: str) -> None:
    """Change the one place of a file where a text stands."""
    text = path.read_text("utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), "utf-8")
