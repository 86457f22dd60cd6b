"""Detects bad behaviour that Discord accepts, or that repeats a refused request.

Each case is a violation on the ledger: pings of roles or of everyone, replies to other bots, a
secret in a message, a forbidden request made again, an invalid token used again.
"""

from . import limits
from .bounded_dict import BoundedDict
from .entries import Request
from .ledger import Ledger
from .model import Application, Message

REPEAT_WINDOW_S = limits.INVALID_WINDOW_S
REMEMBERED_REFUSALS = 10_000
FORBIDDEN, NOT_FOUND, UNAUTHORIZED = 403, 404, 401


class Etiquette:
    """Reviews the messages and requests of the application."""

    def __init__(self, application: Application, ledger: Ledger) -> None:
        self._application = application
        self._ledger = ledger
        self._refused_at: BoundedDict[tuple[str, str], float] = BoundedDict(REMEMBERED_REFUSALS)

    def review_message(self, message: Message) -> None:
        """Review a message that the application has posted, or has edited after a deferral."""
        if message.pings.everyone:
            self._ledger.record_violation("pings-everyone", message.content)
        if message.pings.roles:
            self._ledger.record_violation("pings-role", message.content)
        replied_to = message.reply_to.author if message.reply_to else message.author
        if replied_to.bot and replied_to is not message.author:
            self._ledger.record_violation("answers-a-bot", message.content)

    def review_request(self, request: Request) -> None:
        """Review a request, given its response and earlier requests."""
        secrets = [self._application.token]
        secrets += [request.interaction.token] if request.interaction else []
        text = str(request.body)
        if any(secret in text for secret in secrets):
            self._ledger.record_violation("shows-a-token", f"{request.method} {request.route}")
        where = (request.method, request.path)
        if request.status == FORBIDDEN:
            self._note(where, request.at, "runs-into-the-same-refusal")
        elif request.status in (UNAUTHORIZED, NOT_FOUND) and "token}" in request.route:
            self._note(where, request.at, "uses-a-dead-token-again")

    def _note(self, where: tuple[str, str], at: float, rule: str) -> None:
        before = self._refused_at.pop(where, None)
        self._refused_at[where] = at
        if before is not None and at - before < REPEAT_WINDOW_S:
            self._ledger.record_violation(rule, " ".join(where))
