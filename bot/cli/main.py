"""The command line: its commands, each of which is imported when it is asked for."""

from importlib import import_module

import click

from index import __version__

# Each is in the module of its name.
_COMMANDS = ("ask", "chat", "eval", "extract", "reindex", "run", "sources", "status", "votes")


class _Group(click.Group):
    """A group that runs the bot where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse `args`, with `run` put in where they begin with no command."""
        own = {*ctx.help_option_names, "--version"}
        if not args or (args[0].startswith("-") and args[0] not in own):
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of all commands, in order."""
        return [*_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command of that name; None where there is none."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"bot.cli.commands.{cmd_name}").command
        return command


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def clipdesk() -> None:
    """Answer questions from press coverage: in the articles' own words, cited and linked.

    Without a command, clipdesk runs the bot. Without any settings, it answers from a small built-in
    sample; config.example.toml shows how to give it your own coverage.
    """
