"""Uploads under plans of faults that hypothesis makes up: the right content or a typed error that can be gone on from.

Files and packages, to a cluster that is empty or holds other content of the same sizes.

Never is a wrong file reported as good. `IMAGEAPIS_FAULT_PLANS` says how many plans each face gets; `nox -s slow` gives
them a thousand.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from imageapis.errors import UploadInterrupted, VerificationFailed
from imageapis.servicefabric import AsyncImageStore, ImageStore, auth
from imageapis.testing.servicefabric import ServiceFabricServer
from imageapis.testing.servicefabric.faults import KINDS, Fault, Faults
from tests.conftest import Face, FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from imageapis.testing.servicefabric.faults import Kind

PLANS = int(os.environ.get("IMAGEAPIS_FAULT_PLANS", "40"))
THOUSAND = int(os.environ.get("IMAGEAPIS_MANY_FAULT_PLANS", "1000"))
CHUNK = 4096
SIZES = (CHUNK, 6 * CHUNK + 5)
CONTENT = {size: random.Random(size).randbytes(size) for size in SIZES}
#: Small files, an empty one, and one of several chunks.
PACKAGE = {
    "ApplicationManifest.xml": b"<ApplicationManifest/>",
    "Code/a.dll": random.Random(1).randbytes(CHUNK // 2),
    "Code/b.dll": random.Random(2).randbytes(CHUNK),
    "Code/large.dll": random.Random(3).randbytes(3 * CHUNK + 1),
    "Code/empty": b"",
}
MARKS = ("_.dir", "Code/_.dir")
#: Real seconds are so many times shorter than those that the client counts: a minute's wait for an answer is 0.15 s.
HURRY = 400

OPERATIONS = (
    "*",
    "UploadFile",
    "UploadFileChunk",
    "CommitImageStoreUploadSession",
    "GetImageStoreUploadSessionById",
    "GetImageStoreContent",
    "DeleteImageStoreUploadSession",
)


class Hurried(httpx.HTTPTransport):
    """A user's own transport, in which waiting for an answer takes less time than it says."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        hurry(request)
        return super().handle_request(request)


class AsyncHurried(httpx.AsyncHTTPTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        hurry(request)
        return await super().handle_async_request(request)


def hurry(request: httpx.Request) -> None:
    timeouts = request.extensions["timeout"]
    request.extensions["timeout"] = {**timeouts, "read": max(timeouts["read"] or 60.0, 60.0) / HURRY}


@st.composite
def plans(draw: st.DrawFn) -> list[Fault]:
    def faults(kinds: list[Kind], times: list[int]) -> st.SearchStrategy[Fault]:
        return st.builds(
            Fault,
            kind=st.sampled_from(kinds),
            operation=st.sampled_from(OPERATIONS),
            skip=st.integers(0, 8),
            times=st.sampled_from(times),
        )

    stalls: list[Kind] = ["stall", "stall-after"]
    others = [kind for kind in KINDS if kind not in stalls]
    return draw(st.lists(faults(others, [1, 1, 1, 2, 3, 40]) | faults(stalls, [1, 1, 2]), min_size=1, max_size=7))


class Rig:
    """A gateway of each kind and a client of each, on one face."""

    def __init__(self, face: Face) -> None:
        self.clusters = [
            ServiceFabricServer(contract=False).start(),
            ServiceFabricServer(windows=False, runtime="6.4", contract=False).start(),
        ]
        self.stores = [self._store(face, server) for server in self.clusters]
        self.outcomes: Counter[str] = Counter()

    @staticmethod
    def _store(face: Face, server: ServiceFabricServer) -> Any:
        http: Any = httpx.Client(transport=Hurried()) if face.blocking else httpx.AsyncClient(transport=AsyncHurried())
        login = auth.unsecured(server.url)
        return face.open(ImageStore, AsyncImageStore, login, clock=FakeClock(), retries=1, http_client=http)

    def hold_file(self, plan: list[Fault], size: int, older: bool, linux: bool) -> None:
        server, store = self.clusters[linux], self.stores[linux]
        server.reset()
        content = CONTENT[size]
        if older:
            store.put_file(bytes(size), "a")
        server.faults = Faults(*plan)

        def upload(resume: Any) -> None:
            assert resume is None or resume.records
            stored = store.upload_file(content, "a", chunk_size=CHUNK, concurrency=3, resume=resume)
            assert stored.size == size

        self._go_on(upload, plan, size)
        assert server.store.content("a") == content

    def hold_package(self, plan: list[Fault], folder: Path, older: bool, linux: bool) -> None:
        server, store = self.clusters[linux], self.stores[linux]
        server.reset()
        if older:
            for name, content in PACKAGE.items():
                store.put_file(bytes(len(content)), f"P/{name}")
        server.faults = Faults(*plan)

        def upload(resume: Any) -> None:
            store.upload_package(folder, "P", chunk_size=CHUNK, concurrency=3, resume=resume)

        self._go_on(upload, plan, sum(map(len, PACKAGE.values())))
        for name, content in PACKAGE.items():
            assert server.store.content(f"P/{name}") == content
        assert {f"P/{mark}" for mark in MARKS} <= set(server.store.paths())

    def _go_on(self, upload: Callable[[Any], None], plan: list[Fault], size: int) -> None:
        """Upload, and go on with it as long as there are faults."""
        resume: Any = None
        # A call that fails has met at least one fault.
        for _ in range(1 + sum(fault.times for fault in plan)):
            try:
                upload(resume)
            except UploadInterrupted as failure:
                self._note("interrupted")
                resume = failure.resume
                if not 0 <= failure.sent <= failure.total == size:
                    pytest.fail(f"{failure.sent} of {failure.total} bytes of {size}")
            except VerificationFailed as failure:
                self._note("verification failed")
                resume = failure.resume
            else:
                self._note("stored")
                return
            if resume is None:
                pytest.fail("there is nothing to go on with")
        pytest.fail("the faults ended and the upload did not")

    def _note(self, outcome: str) -> None:
        self.outcomes[outcome] += 1
        event(outcome)

    def stop(self) -> None:
        for server in self.clusters:
            server.stop()


@pytest.fixture(scope="module", params=["blocking", "asyncio"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    if request.param == "blocking":
        made = Face("blocking", None)
        rig = Rig(made)
        yield rig
        close(made, rig)
        return
    with start_blocking_portal("asyncio") as portal:
        made = Face("asyncio", portal)
        rig = Rig(made)
        yield rig
        close(made, rig)


def close(face: Face, rig: Rig) -> None:
    for store in rig.stores:
        face.run(store.client._http.close if face.blocking else store.client._http.aclose)
    face.close()
    rig.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("package")
    for name, content in PACKAGE.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        os.utime(file, (1_700_000_000, 1_700_000_000))
    return root


def run(rig: Rig, count: int, hold: Callable[..., None], **arguments: st.SearchStrategy[Any]) -> None:
    rig.outcomes.clear()
    given_all = given(plan=plans(), older=st.booleans(), linux=st.sampled_from([False, False, True]), **arguments)
    wanted = settings(
        max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    wanted(given_all(hold))()
    print(f"\n{count} plans: {dict(rig.outcomes)}")


def run_files(rig: Rig, count: int) -> None:
    def hold(plan: list[Fault], size: int, older: bool, linux: bool) -> None:
        rig.hold_file(plan, size, older, linux)

    run(rig, count, hold, size=st.sampled_from(SIZES))


def run_packages(rig: Rig, count: int, folder: Path) -> None:
    def hold(plan: list[Fault], older: bool, linux: bool) -> None:
        rig.hold_package(plan, folder, older, linux)

    run(rig, count, hold)


def test_no_plan_of_faults_makes_a_wrong_file_good(rig: Rig) -> None:
    run_files(rig, PLANS)


def test_no_plan_of_faults_makes_a_wrong_package_good(rig: Rig, folder: Path) -> None:
    run_packages(rig, PLANS, folder)


@pytest.mark.slow
def test_none_of_a_thousand_plans_of_faults_makes_a_wrong_file_good(rig: Rig) -> None:
    run_files(rig, THOUSAND)


@pytest.mark.slow
def test_none_of_a_thousand_plans_of_faults_makes_a_wrong_package_good(rig: Rig, folder: Path) -> None:
    run_packages(rig, THOUSAND, folder)
