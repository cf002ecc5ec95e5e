"""`Group`: the commands of one service, which share the options of its login, `--json` and how they end."""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from imageapis.cli.outcome import outcome

if TYPE_CHECKING:
    from imageapis.core.login import Login

F = TypeVar("F", bound=Callable[..., None])

Json = Annotated[bool, typer.Option("--json", help="Write JSON for machines.")]


class Group:
    """The commands of one service.

    Each command is written as a function whose first parameter is the login; the login's own options take its place on
    the command line, after those of the command.

    Args:
        help: What the group is for.
        login: Makes the login; its parameters become options of every command.
    """

    def __init__(self, help: str, login: Callable[..., "Login"]) -> None:  # noqa: A002 - as in typer
        self.app = typer.Typer(help=help, no_args_is_help=True, rich_markup_mode=None)
        self._login = login
        self._options = inspect.signature(login).parameters

    def command(
        self, name: str, example: str, *, go_on: Callable[[Mapping[str, Any]], str] | None = None
    ) -> Callable[[F], F]:
        """Add a command.

        Args:
            name: What it is called.
            example: A use of it, for its help.
            go_on: Says by its arguments how to go on when it was interrupted, if one can.
        """

        def add(function: F) -> F:
            own = inspect.signature(function)
            _, *parameters = own.parameters.values()

            @functools.wraps(function)
            def run(**arguments: Any) -> None:
                given = {option: arguments.pop(option) for option in self._options}
                with outcome(go_on and go_on(arguments)):
                    function(self._login(**given), **arguments)

            keyword = inspect.Parameter.KEYWORD_ONLY
            every = [*parameters, *self._options.values()]
            run.__signature__ = own.replace(parameters=[one.replace(kind=keyword) for one in every])  # type: ignore[attr-defined]
            run.__annotations__ = {}
            self.app.command(name, epilog=f"Example: {example}")(run)
            return function

        return add
