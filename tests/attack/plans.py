"""What a trial's number decides: which part of the attack it belongs to, what is called, and how it is spoilt."""

from __future__ import annotations

import os
import random
from functools import partial
from typing import TYPE_CHECKING, Any

from imageapis import lusid, openstack, servicefabric
from tests import arguments
from tests.attack import local_files, local_images, storms
from tests.attack.operations import CHUNK, DEADLINE, TARGETS, Files, Target, logins

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FACES = ("blocking", "asyncio", "trio")


class Plan:
    """One trial before it runs.

    Attributes:
        part: Which row of the table it counts in.
        target: Which operation is called.
        face: On which face.
        tls: Whether over TLS.
        spoil: Which replies are spoilt, by number; `all` of them.
        delay: Seconds by which every reply is late.
        allowed: Exceptions besides ours that the operation documents for local files.
        prepare: Makes hostile local files.
        maker: Makes the login, if it is not one of the usual ones.
        cancel_at: The step of the event loop at which the call is cancelled.
        only: The one kind of spoiling that is done; any if `None`.
        hopeless: Whether no call can succeed, so that a value is one that claims what is not so.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.seed = seed
        self.target: Target = rng.choice(TARGETS)
        self.face = rng.choices(FACES, (4, 3, 2))[0]
        self.tls = rng.random() < 0.04
        draw = rng.random()
        self.spoil: list[int] | str = "all" if draw < 0.25 else [rng.randrange(2 if draw < 0.6 else 6)]
        if draw > 0.85:
            self.spoil = sorted({rng.randrange(8) for _ in range(3)})
        self.retries = rng.choice([0, 0, 1, 2])
        self.loud = rng.random() < 0.25
        self.login = rng.random()
        self.delay = 0.0
        self.deadline = DEADLINE
        self.part = self.target.service
        self.allowed: tuple[type[BaseException], ...] = ()
        self.prepare: Callable[[Files, str], None] | None = None
        self.maker: Callable[[str], Any] | None = None
        self.cancel_at: int | None = None
        self.exact: type[BaseException] | None = None
        self.only: str | None = None
        self.hopeless = False
        rng.choices(list(PARTS), list(PARTS.values()))[0](self, rng)

    def makers(self, origin: str, ca: str | None) -> Callable[[], Any]:
        """Return what makes this trial's login."""
        if self.maker is not None:
            return partial(self.maker, origin)
        kinds = logins(self.target.service, origin, ca)
        return kinds[int(self.login * len(kinds))]

    @property
    def command(self) -> dict[str, Any]:
        """What the server is told."""
        told = {"seed": self.seed, "service": self.target.service, "spoil": self.spoil, "tls": self.tls}
        return {**told, "delay": self.delay, "only": self.only}


def unspoilt() -> Iterator[Plan]:
    """Yield a trial of each operation on each face in which every reply is good."""
    for face in FACES:
        for target in TARGETS:
            plan = Plan(0)
            plan.target, plan.face, plan.tls, plan.spoil, plan.login = target, face, False, [], 0.0
            plan.part, plan.cancel_at, plan.prepare, plan.maker, plan.delay = target.service, None, None, None, 0.0
            plan.deadline = 60.0
            yield plan


def warming() -> Iterator[Plan]:
    """Yield a few trials after which nothing is imported, opened or made for the first time any more."""
    seen: set[tuple[str, str]] = set()
    for plan in unspoilt():
        if "call" not in plan.target.name and (plan.part, plan.face) not in seen:
            seen.add((plan.part, plan.face))
            yield plan
        elif plan.target.name in ("push", "upload_file chunks", "upload_package", "list detail"):
            yield plan


# The parts


def _replies(plan: Plan, rng: random.Random) -> None:
    """Hostile replies: what is drawn already."""


def _alone(plan: Plan, part: str) -> None:
    """Let the server behave, so that what is judged is something else."""
    plan.part, plan.spoil, plan.tls, plan.retries = part, [], False, 0
    # Nothing is judged by time here, and a busy machine may take any.
    plan.deadline = 60.0


def _images(plan: Plan, rng: random.Random) -> None:
    make = rng.choices([it[1] for it in local_images.IMAGES], [it[0] for it in local_images.IMAGES])[0]
    held: list[Any] = []
    chunk = rng.choice([None, 3000])
    plan.target = Target(
        "lusid", f"push {make.__name__}", lambda c, f: c.push(held[0], "job:1", chunk_size=chunk), lusid.PushedImage
    )
    _alone(plan, "images")
    plan.allowed = (OSError,)
    plan.hopeless = make is local_images.layerless
    plan.prepare = lambda files, origin: held.append(make(rng, files.given))


def _cut_downloads(plan: Plan, rng: random.Random) -> None:
    tls = rng.random() < 0.5
    plan.target = next(each for each in TARGETS if each.name == "download")
    _alone(plan, "cut downloads")
    plan.tls, plan.spoil, plan.only, plan.hopeless, plan.login = tls, "all", "no end", True, 0.9


def _arguments(plan: Plan, rng: random.Random) -> None:
    # Those that name files to write would write them wherever the attack runs.
    calls = [each for each in arguments.PARAMETERS if each[2] not in {"destination", "journal", "progress"}]
    service, operation, parameter = rng.choice(calls)
    value = rng.choice(arguments.KINDS)

    def call(client: Any, files: Files) -> Any:
        ours = {"folder": files.package, "destination": files.folder / "saved"}
        given = {name: ours.get(name, good) for name, good in arguments.GOOD[service][operation].items()}
        return getattr(client, operation)(**{**given, parameter: value})

    _alone(plan, "arguments")
    plan.target, plan.allowed, plan.login = Target(service, f"{operation} {parameter}", call, Any), (OSError,), 0.0


def _packages(plan: Plan, rng: random.Random) -> None:
    held: list[Any] = []
    options: dict[str, Any] = {"symlinks": rng.choice(["refuse", "follow", "skip"]), "compress": rng.random() < 0.5}
    plan.target = Target(
        "servicefabric",
        "upload_package odd",
        lambda c, f: c.upload_package(held[0], "App", **options),
        servicefabric.PackageReport,
    )
    _alone(plan, "packages")
    plan.allowed = (OSError,)
    plan.prepare = lambda files, origin: held.append(local_files.package(rng, files.given))


def _journals(plan: Plan, rng: random.Random) -> None:
    plan.target = Target(
        "servicefabric",
        "upload_file journal",
        lambda c, f: c.upload_file(f.large, "a/big", chunk_size=CHUNK, journal=f.given / "journal"),
        servicefabric.StoreFile,
    )
    _alone(plan, "journals")
    plan.login, plan.allowed, plan.exact = 0.5, (OSError,), ValueError
    plan.prepare = lambda files, origin: local_files.journal(rng, files.given / "journal", origin)


def _settings(plan: Plan, rng: random.Random) -> None:
    kind = rng.choice(list(local_files.LOGIN_FILES))
    where: list[Any] = []

    def prepare(files: Files, origin: str) -> None:
        where.append(files.given / kind)
        local_files.LOGIN_FILES[kind](rng, where[0], origin)

    def maker(origin: str) -> Any:
        if kind == "secrets_file":
            return lusid.auth.secrets_file(where[0])
        if kind == "access_token_file":
            return lusid.auth.from_env(scheduler_url=origin, access_token_file=str(where[0]))
        if kind == "from_sfctl":
            return servicefabric.auth.from_sfctl(where[0])
        os.environ["OS_CLIENT_CONFIG_FILE"] = str(where[0])
        return openstack.auth.cloud("mine")

    plan.target = {
        "secrets_file": Target("lusid", "image by secrets_file", lambda c, f: c.image("job:1"), lusid.Image),
        "access_token_file": Target("lusid", "image by token file", lambda c, f: c.image("job:1"), lusid.Image),
        "from_sfctl": Target("servicefabric", "info by sfctl", lambda c, f: c.info(), servicefabric.ImageStoreInfo),
        "cloud": Target("openstack", "image by clouds.yaml", lambda c, f: c.image("a1"), openstack.Image),
    }[kind]
    _alone(plan, "settings")
    plan.prepare, plan.maker, plan.loud = prepare, maker, True


def _cancelled(plan: Plan, rng: random.Random) -> None:
    plan.target = rng.choice(TARGETS)
    _alone(plan, "cancelled")
    plan.face = rng.choice(["asyncio", "trio"])
    plan.cancel_at = rng.randrange(1, rng.choice([20, 60, 250]))


def _storms(plan: Plan, rng: random.Random) -> None:
    service = rng.choice(["lusid", "openstack"])
    crowd = rng.choice([3, 12, 40, 300]) if plan.face != "blocking" else rng.choice([2, 6, 16])
    storm = storms.Storm(crowd, service, plan.face, cancels=rng.choice([0, 0, 1, 5]))
    _alone(plan, "login storms")
    plan.target = Target(service, f"{crowd} at once", storm.call, Any)
    plan.spoil = rng.choice([[], [], [0], [0, 1, 2]])
    storm.good = not plan.spoil
    plan.login, plan.delay = 0.0, 0.02


def _misuse(plan: Plan, rng: random.Random) -> None:
    _alone(plan, "misuse")
    call = rng.choice([storms.after_close, storms.two_loops] if plan.face != "blocking" else [storms.after_close])
    target = rng.choice([each for each in TARGETS if "push" not in each.name and each.name != "call"])
    plan.target = Target(target.service, f"{target.name} {call.__name__}", partial(call, target, plan.face), Any)


def _forks(plan: Plan, rng: random.Random) -> None:
    _alone(plan, "forks")
    plan.face, plan.login = "blocking", 0.0
    during = rng.random() < 0.4
    plan.delay = 0.1 if during else 0.0
    plan.target = Target("openstack", "fork in a login" if during else "fork", partial(storms.forked, during), Any)


PARTS: dict[Callable[[Plan, random.Random], None], float] = {
    _replies: 80,
    _images: 5,
    _cut_downloads: 0.5,
    _arguments: 4,
    _packages: 2,
    _journals: 2,
    _settings: 3,
    _cancelled: 5,
    _storms: 1,
    _misuse: 1,
    _forks: 0.5,
}
