"""All that is done to this project, as sessions: `nox --list` names them, README.md says which to run when.

No service is named here: sessions find what there is from the folders.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2024.10"
nox.options.sessions = ["tests"]
nox.options.default_venv_backend = "virtualenv"
nox.options.error_on_missing_interpreters = False

PROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PROJECT)
# The session `tests` covers the Python that runs nox.
OTHER_PYTHONS = [version for version in PYTHONS if version != f"{sys.version_info[0]}.{sys.version_info[1]}"]
# Everything that a test may want of our optional parts.
EXTRAS = ",".join(sorted(PROJECT["project"]["optional-dependencies"]))
#: More than a machine of two processors has: a third of the time of each is spent in waiting.
WORKERS = ("-n", "3")
#: Neither the pipeline's tests nor those of how servers fail nor simulations: no version of anything changes them.
ELSEWHERE = ("attack", "conformance", "live", "pipeline", "unit/test_simulated_paths.py")
#: The tests of what users import.
OF_THE_PACKAGES = (
    *("-m", "not slow and not live and not tools"),
    *(word for part in ELSEWHERE for word in ("--ignore", f"tests/{part}")),
)
#: Tests over all faces run on the oldest and the newest Python; between them two faces tell what there is to tell, and
#: of a wheel one tells whether everything is in it.
BETWEEN = ("-k", "not trio")
ONE_FACE = ("-k", "not trio and not asyncio")


def groups(*names: str) -> list[str]:
    """Return the requirements of dependency groups of pyproject.toml."""
    return [requirement for name in names for requirement in nox.project.dependency_groups(PROJECT, name)]


def install(session: nox.Session, *names: str) -> None:
    """Install the project in place, with all its optional parts, and dependency groups."""
    session.install("-e", f".[{EXTRAS}]", *groups(*names))


def pytest(session: nox.Session, *arguments: str, env: dict[str, str] | None = None) -> None:
    """Run pytest with the caller's own arguments after ours."""
    session.run("python", "-m", "pytest", *arguments, *session.posargs, env=env)


@nox.session
def tests(session: nox.Session) -> None:
    """Run unit, property and server tests on the Python that runs nox."""
    install(session, "test", "generate", "conformance")
    pytest(session, *WORKERS, "-m", "not slow and not live")


@nox.session(python=OTHER_PYTHONS)
def versions(session: nox.Session) -> None:
    """Run the tests of the packages on each other Python that we support and this machine has."""
    # As everywhere but in `lowest`, the newest release of each dependency is what is installed.
    install(session, "test")
    session.run("python", "-m", "pip", "check")
    pytest(session, *WORKERS, *OF_THE_PACKAGES, *(BETWEEN if session.python != OTHER_PYTHONS[-1] else ()))


@nox.session
def slow(session: nox.Session) -> None:
    """Run the long tests: kills, thousands of fault plans, gigabytes."""
    install(session, "test", "generate", "conformance")
    pytest(session, "-m", "slow and not live", "-s")


@nox.session
def demo(session: nox.Session) -> None:
    """Start the local servers and tell a short story per service, blocking and async."""
    install(session, "test")
    session.run("python", "-m", "tests.demo", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and the rules of the house: which package may import which."""
    session.install("-e", f".[{EXTRAS}]", *groups("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports", "--no-cache")


@nox.session
def typing(session: nox.Session) -> None:
    """Check types: mypy --strict on what is written by hand, pyright on the public surface."""
    install(session, "test", "generate", "conformance", "lint", "typing", "bench")
    session.install("nox")
    session.run("mypy", "overlays", "scripts", "tests", "noxfile.py")
    session.run("pyright", "--pythonpath", f"{session.bin}/python", "overlays", "tests/typing")


@nox.session
def regenerate(session: nox.Session) -> None:
    """Write generated/ anew from specs/, or say in a sentence why not and leave it as it is."""
    install(session, "test", "generate")
    session.run("python", "-m", "scripts.regenerate", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Say whether generated/ is what specs/ make of it, byte for byte."""
    session.install(*groups("generate"))
    session.run("python", "-m", "scripts.check", *session.posargs)


@nox.session
def upstream(session: nox.Session) -> None:
    """Print what a published document changed: `nox -s upstream -- <service> <file-or-url> [--write]`."""
    install(session, "test", "generate")
    session.run("python", "-m", "scripts.upstream", *session.posargs)


@nox.session
def add_service(session: nox.Session) -> None:
    """Make the folders of a new service: `nox -s add_service -- <name> <file-or-url> --select <path-prefix>`."""
    install(session, "test", "generate")
    session.run("python", "-m", "scripts.add_service", *session.posargs)


@nox.session
def documents(session: nox.Session) -> None:
    """Try the pipeline on published documents: `nox -s documents -- <file-or-folder> [--table <file>] [--jobs 2]`."""
    install(session, "test", "generate")
    session.run("python", "-m", "scripts.documents", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Build sdist and wheel, and run the packages' tests against the wheel, installed in a clean environment."""
    dist = Path(session.create_tmp()).resolve() / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    session.install("build")
    # The wheel is made from the sdist: what the sdist lacks, the tests miss.
    session.run("python", "-m", "build", "--outdir", str(dist), ".")
    [sdist], [wheel] = dist.glob("*.tar.gz"), dist.glob("*.whl")
    bare(session, sdist)
    session.install(f"{wheel}[{EXTRAS}]", *groups("test"))
    session.run("python", "-m", "pip", "check")
    # The wheel is what is tested: nothing of the checkout but the tests may be importable.
    session.run("python", "-m", "tests.installed")
    pytest(session, *WORKERS, *OF_THE_PACKAGES, *ONE_FACE)


def bare(session: nox.Session, sdist: Path) -> None:
    """Install the sdist without an extra where nothing else is, and import what can be imported without one."""
    folder = sdist.parent / "bare"
    session.run("python", "-m", "venv", str(folder))
    python = str(folder / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    session.run(python, "-m", "pip", "install", "--quiet", str(sdist), external=True)
    session.run(python, "-m", "pip", "check", external=True)
    # Not from here, where `tests` and `scripts` could be imported.
    with session.chdir(sdist.parent):
        session.run(python, "-c", "import imageapis.servicefabric, imageapis.lusid, imageapis.openstack", external=True)


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the packages' tests with the oldest versions of what they need that pyproject.toml allows."""
    oldest = Path(session.create_tmp()).resolve() / "lowest.txt"
    session.install("uv")
    session.run(
        *("uv", "pip", "compile", "--quiet", "--all-extras", "--resolution", "lowest-direct", "--no-deps"),
        *("--no-header", "--output-file", str(oldest), "pyproject.toml"),
        silent=True,
    )
    session.install("--constraint", str(oldest), "-e", f".[{EXTRAS}]", *groups("test"))
    session.run("python", "-m", "pip", "check")
    pytest(session, *WORKERS, *OF_THE_PACKAGES)


@nox.session
def public_api(session: nox.Session) -> None:
    """Write tests/public_api.txt, the list of public names; where it changes, CHANGELOG.md wants a line."""
    install(session)
    session.run("python", "-m", "scripts.public_api")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site of scripts/docs into scripts/docs/site; a broken link fails it, and `tests` runs its code."""
    session.install(*groups("docs"))
    session.run("zensical", "build", "--clean", "--strict", "--config-file", "scripts/docs/zensical.toml")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure all, for bench.json, bench.html and the figures of README.md; one: `nox -s bench -- <module> [...]`."""
    install(session, "test", "bench")
    folder = Path("tests/benchmarks")
    if session.posargs:
        session.run("python", "-m", f"tests.benchmarks.{session.posargs[0]}", *session.posargs[1:])
        return
    found = folder / "bench.json"
    found.unlink(missing_ok=True)
    for name in sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")):
        session.run("python", "-m", f"tests.benchmarks.{name}", env={"IMAGEAPIS_BENCH_JSON": str(found)})
    session.run("python", "-m", "tests.benchmarks._page", str(found), str(found.with_suffix(".html")))
    session.run("python", "-m", "tests.benchmarks._readme")


@nox.session
def attack(session: nox.Session) -> None:
    """Attack every operation with hostile servers and files: `nox -s attack -- [--seed N] [--count N]`."""
    install(session, "test")
    session.run("python", "-m", "tests.attack", *session.posargs)


@nox.session
def mutate(session: nox.Session) -> None:
    """Change one thing at a time in what could lose data, and list the changes that no test notices."""
    install(session, "test")
    session.run("python", "-m", "tests.mutation", *session.posargs)


@nox.session
def live_openstack(session: nox.Session) -> None:
    """Build the real Keystone, Glance, Nova and Placement on loopback and run the live tests against them."""
    install(session, "test", "generate")
    with_openstack(session, "tests/live", "-m", "live and not slow")


@nox.session
def churn_openstack(session: nox.Session) -> None:
    """Walk 1,150 images of the real Nova while others come and go, beside openstacksdk: takes a quarter of an hour."""
    install(session, "test")
    stack = ["--images", "1150", "--max-limit", "50"]
    with_openstack(session, "tests/live/test_churn.py", "-m", "live", "-s", stack=stack)


@nox.session
def record(session: nox.Session) -> None:
    """Record the cassettes anew from the real stack, scrubbed of tokens and passwords."""
    install(session, "test", "generate")
    environment = {"IMAGEAPIS_RECORD": "1"}
    with_openstack(session, "tests/live", "-m", "live", "-k", "scenario", stack=["--images", "30"], env=environment)


def with_openstack(
    session: nox.Session, *arguments: str, stack: list[str] | None = None, env: dict[str, str] | None = None
) -> None:
    """Run pytest while the real stack is up."""
    session.run("python", "-m", "scripts.openstack_stack", "all", *(stack or []))
    try:
        pytest(session, *arguments, env=env)
    finally:
        session.run("python", "-m", "scripts.openstack_stack", "stop")
