"""The `clipdesk` entry point: turns every error into one line and an exit code."""

import os
import sys

import click

from bot.cli.main import clipdesk
from bot.cli.support import print_error
from index import ClipdeskError, QuestionError, SettingsError

FAILED = 1
WRONG_USAGE = 2


def main() -> None:
    """Run the command line and exit: 0 success, 1 failure, 2 wrong usage or settings."""
    try:
        # Commands return None; click returns an exit code for early exits such as --help.
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
    except BrokenPipeError:  # the reader closed the pipe
        code = _discard_output()
    except OSError as error:
        code = _fail(f"{error}; check the disk and the output file.", FAILED)
        _discard_output()
    sys.exit(code)


def _fail(line: str, code: int) -> int:
    print_error(f"clipdesk: {line}")
    return code


def _discard_output() -> int:
    """Redirect stdout to the null device, so that flushing it at exit cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FAILED


if __name__ == "__main__":
    main()
