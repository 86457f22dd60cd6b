"""The `clipdesk` entry point: turns every error into one line and an exit code."""

import errno
import os
import sys
import traceback
from contextlib import suppress
from typing import NoReturn

FAILED = 1
WRONG_USAGE = 2

_NO_MEMORY = "there is too little memory; free some, then try again."
_CAUSES = {
    errno.EMFILE: "too many files are open; allow more with ulimit -n.",
    errno.ENFILE: "too many files are open on this machine; close some programs.",
    errno.ENOMEM: _NO_MEMORY,
    errno.EAGAIN: "too many processes or threads run; end some, then try again.",
}


def program() -> NoReturn:
    """Run `main`, then end at once: a thread that still computes has nothing left to do."""
    _open_standard_streams()
    sys.unraisablehook = lambda _: None  # what fails while ending changes nothing
    code: object = FAILED
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    except KeyboardInterrupt:  # while ending
        pass
    finally:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(code if isinstance(code, int) else FAILED)


def _open_standard_streams() -> None:
    """Give each standard stream that is closed a descriptor, which a file would get otherwise.

    Reading then finds nothing, errors are not shown, and writing results fails.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
            if descriptor != number:  # it is open, but Python cannot use it
                os.dup2(descriptor, number)
                os.close(descriptor)
            setattr(sys, name, open(number, "r" if name == "stdin" else "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def main() -> None:
    """Run the command line and exit: 0 success, 1 failure, 2 wrong usage or settings."""
    try:
        code = _run()
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = FAILED
    except BrokenPipeError:  # the reader closed the pipe
        code = _discard_output()
    except OSError as error:
        cause = _CAUSES.get(error.errno or 0, f"{error}; check the disk and the output file.")
        code = _fail(cause, FAILED)
        _discard_output()
    except MemoryError:
        code = _fail(_NO_MEMORY, FAILED)
    except Exception as error:  # noqa: BLE001 - a fault of ours; the last resort
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {frame.name}, {frame.filename}:{frame.lineno}"
        code = _fail(
            f"something unexpected went wrong ({where}: {error}); please report it.", FAILED
        )
    sys.exit(code)


def _run() -> int:
    """Run the command line and return the exit code."""
    # Importing takes memory and descriptors, so it may fail as well.
    import click  # noqa: PLC0415

    from bot.cli.main import clipdesk  # noqa: PLC0415
    from index import ClipdeskError, QuestionError, SettingsError  # noqa: PLC0415

    try:
        # Commands return None; click returns an exit code for early exits such as --help.
        return int(clipdesk.main(prog_name="clipdesk", standalone_mode=False) or 0)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "clipdesk"
        message = error.format_message().rstrip(".?")
        return _fail(f"{message}. See {command} --help.", WRONG_USAGE)
    except click.ClickException as error:
        return _fail(error.format_message(), FAILED)
    except (SettingsError, QuestionError) as error:
        return _fail(str(error), WRONG_USAGE)
    except ClipdeskError as error:
        return _fail(str(error), FAILED)
    except click.Abort:
        return FAILED


def _fail(line: str, code: int) -> int:
    from bot.printing import echo, in_one_line  # noqa: PLC0415 - as above

    with suppress(OSError):  # nobody can be told
        echo(in_one_line(f"clipdesk: {line}"), err=True)
    return code


def _discard_output() -> int:
    """Redirect stdout to the null device, so that flushing it at exit cannot fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return FAILED


if __name__ == "__main__":
    program()
