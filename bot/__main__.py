"""The `clipdesk` command: runs it, and turns every error into one line and an exit code."""

import os
import sys

import click

from bot.cli.main import clipdesk
from bot.cli.support import print_error
from index import ClipdeskError, QuestionError, SettingsError

FAILED = 1
WRONG_USAGE = 2


def main() -> None:
    """Run the command line, and exit: 0 done, 1 failed, 2 wrong usage or settings."""
    try:
        # A command returns nothing; click returns the code of what ends early, such as --help.
        code = int(clipdesk.main(prog_name="clipdesk", standalone_mode=False) or 0)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "clipdesk"
        message = error.format_message().rstrip(".?")
        code = _fail(f"{message}. See {command} --help.", WRONG_USAGE)
    except click.ClickException as error:
        code = _fail(error.format_message(), FAILED)
    except (SettingsError, QuestionError) as error:
        code = _fail(str(error), WRONG_USAGE)
    except ClipdeskError as error:
        code = _fail(str(error), FAILED)
    except (click.Abort, KeyboardInterrupt):
        code = FAILED
    except BrokenPipeError:  # whoever read the output has enough
        code = _give_up_output()
    except OSError as error:
        code = _fail(f"{error}; check the disk, and where the output goes.", FAILED)
        _give_up_output()
    sys.exit(code)


def _fail(line: str, code: int) -> int:
    print_error(f"clipdesk: {line}")
    return code


def _give_up_output() -> int:
    """Nothing is left to be flushed to where the output went, when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


if __name__ == "__main__":
    main()
