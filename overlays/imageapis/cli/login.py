"""`imageapis login`: where each service's login comes from, without a secret."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from imageapis._plain import printable
from imageapis.cli.outcome import Code, complain, outcome
from imageapis.cli.wording import in_options

app = typer.Typer(help="Logins: what is set, and where it comes from.", no_args_is_help=True, rich_markup_mode=None)


class Service(StrEnum):
    """The services."""

    servicefabric = "servicefabric"
    lusid = "lusid"
    openstack = "openstack"


@app.callback()
def _group() -> None:
    # Without it, a single command would take the group's place.
    pass


@app.command("explain", epilog="Example: imageapis login explain lusid")
def explain(
    service: Annotated[Service | None, typer.Argument(help="Only this one.")] = None,
    secrets: Annotated[Path | None, typer.Option(help="LUSID: a secrets.json besides the FBN_* variables.")] = None,
) -> None:
    """Tell which file or variable gives which setting, secrets masked. Nothing is sent anywhere.

    The exit code is 3 if a login that was asked for is not complete.
    """
    explained = {
        Service.servicefabric: _servicefabric,
        Service.lusid: lambda: _lusid(secrets),
        Service.openstack: _openstack,
    }
    complete = True
    for one in Service if service is None else [service]:
        with outcome():
            from imageapis.errors import LoginError

            typer.echo(f"{one}:")
            try:
                lines, whole = explained[one]()
            except LoginError as failure:
                lines, whole = [in_options(str(failure))], False
            typer.echo("\n".join(f"  {printable(line)}" for line in lines))
            complete = complete and whole
    if service is not None and not complete:
        complain(f"There is no complete login for {service}.")
        raise typer.Exit(Code.LOGIN)


def _servicefabric() -> tuple[list[str], bool]:
    from imageapis.cli.servicefabric import ENDPOINT, login_from

    told = os.environ.get(ENDPOINT)
    login = login_from(told or None)
    source = f"${ENDPOINT} names" if told else "sfctl's config selects"
    return [f"{source} {login.endpoint}.", f"It logs in {login.auth}."], True


def _lusid(secrets: Path | None) -> tuple[list[str], bool]:
    from imageapis.lusid import auth

    explanation = auth.explain(secrets)
    return str(explanation).splitlines(), not explanation.missing


def _openstack() -> tuple[list[str], bool]:
    from imageapis.openstack import auth

    lines = [f"{name}: {fate}" for name, fate in auth.explain().items()]
    login = auth.from_env()
    return [*lines, f"It logs in {login.auth}."], True
