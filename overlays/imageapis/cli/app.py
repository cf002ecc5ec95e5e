"""The tree of commands: one group a service, and what belongs to none of them."""

from typing import Annotated

import typer

from imageapis import __version__
from imageapis.cli import login, lusid, openstack, servicefabric

app = typer.Typer(
    help="Image stores of Service Fabric, LUSID and OpenStack, from the command line.",
    epilog="Exit codes: 0 done, 1 refused or failed, 2 wrong use, 3 login, 4 not found, 5 interrupted and can go on, "
    "6 no connection, 7 a scan found too much, 130 Ctrl-C. IMAGEAPIS_LOG=debug shows each request.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    # Neither reads well in a build's log, and the first takes longer to import than most commands take to run.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(servicefabric.app, name="servicefabric")
app.add_typer(lusid.app, name="lusid")
app.add_typer(openstack.app, name="openstack")
app.add_typer(login.app, name="login")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    pass
