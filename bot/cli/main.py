"""The command group `clipdesk`, which imports a command only when it is used."""

from importlib import import_module

import click

from index import __version__

# Each is a module in `bot.cli.commands`.
_COMMANDS = ("ask", "chat", "eval", "extract", "reindex", "run", "sources", "status", "votes")


class _Group(click.Group):
    """A command group that runs the bot if no command is given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse `args`; insert `run` if they do not start with a command."""
        own = {*ctx.help_option_names, "--version"}
        if not args or (args[0].startswith("-") and args[0] not in own):
            args = ["run", *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names of all commands, in order."""
        return [*_COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """Import and return the command of that name, or None."""
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"bot.cli.commands.{cmd_name}").command
        return command


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def clipdesk() -> None:
    """Answer questions from press coverage, with quotations that are cited and linked.

    Without a command, clipdesk runs the bot. Without settings, it answers from a small built-in
    sample; see config.example.toml for how to add your own coverage.
    """
