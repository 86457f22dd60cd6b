"""Bad manners of an application, which Discord accepts, or refuses time and again.

Each is a violation on the ledger: pings of roles and of everyone, answers to other applications,
a secret shown, a refusal run into again, a dead token used again.
"""

from . import limits
from .entries import Request
from .ledger import Ledger
from .model import Application, Message
from .newest import Newest

REPEAT_WINDOW_S = limits.INVALID_WINDOW_S
REMEMBERED_REFUSALS = 10_000
FORBIDDEN, NOT_FOUND, UNAUTHORIZED = 403, 404, 401


class Manners:
    """Watches what the application posts and asks for."""

    def __init__(self, application: Application, ledger: Ledger) -> None:
        self._application = application
        self._ledger = ledger
        self._refused_at: Newest[tuple[str, str], float] = Newest(REMEMBERED_REFUSALS)

    def judge_message(self, message: Message) -> None:
        """Judge a message as the application has posted it, or finished it."""
        if message.pings.everyone:
            self._ledger.violate("pings-everyone", message.content)
        if message.pings.roles:
            self._ledger.violate("pings-role", message.content)
        replied_to = message.reply_to.author if message.reply_to else message.author
        if replied_to.bot and replied_to is not message.author:
            self._ledger.violate("answers-a-bot", message.content)

    def judge_request(self, request: Request) -> None:
        """Judge a request by its answer, and by what went before."""
        secrets = [self._application.token]
        secrets += [request.interaction.token] if request.interaction else []
        text = str(request.body)
        if any(secret in text for secret in secrets):
            self._ledger.violate("shows-a-token", f"{request.method} {request.route}")
        where = (request.method, request.path)
        if request.status == FORBIDDEN:
            self._note(where, request.at, "runs-into-the-same-refusal")
        elif request.status in (UNAUTHORIZED, NOT_FOUND) and "token}" in request.route:
            self._note(where, request.at, "uses-a-dead-token-again")

    def _note(self, where: tuple[str, str], at: float, rule: str) -> None:
        before = self._refused_at.pop(where, None)
        self._refused_at[where] = at
        if before is not None and at - before < REPEAT_WINDOW_S:
            self._ledger.violate(rule, " ".join(where))
