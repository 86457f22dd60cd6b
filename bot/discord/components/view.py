"""The buttons below an answer: which there are, and what their ids say.

An id carries what the button does, the card of the answer and a page of it, so that it works for
as long as the card is kept.
"""

from enum import Enum

import discord

from bot import phrases
from bot.discord.components.answer_state import AnswerState
from bot.discord.layout.fitting import Button, button, fit_rows
from bot.languages import Phrase


class Action(Enum):
    """What a button does; the values stand in its id."""

    CONTEXT = "context"
    TURN = "turn"
    ASK = "ask"
    HELPFUL = "helpful"
    WRONG = "wrong"
    SHARE = "share"
    REMOVE = "remove"


TEMPLATE = (
    rf"answer:(?P<action>{'|'.join(action.value for action in Action)})"
    r":(?P<card>[A-Za-z0-9_-]{1,40}):(?P<page>[0-9]{1,3})"
)


def custom_id(action: Action, card_id: str, page: int) -> str:
    """The id of a button, which `TEMPLATE` reads."""
    return f"answer:{action.value}:{card_id}:{page}"


def answer_view(card: AnswerState, page: int = 0, *, turned: bool = False) -> discord.ui.View:
    """The buttons below a page of an answer. `turned` once somebody has looked further.

    Where nothing was found, there is nothing to look at and nothing to rate.
    """

    def make(label: Phrase, action: Action, to: int = page, *, disabled: bool = False) -> Button:
        return button(str(label), custom_id(action, card.id, to), disabled=disabled)

    looking: list[Button] = []
    saying: list[Button] = []
    if card.passages:
        looking.append(make(phrases.SHOW_CONTEXT, Action.CONTEXT))
        last = card.pages - 1
        if turned:
            before, after = max(0, page - 1), page + 1
            looking.append(make(phrases.PREVIOUS, Action.TURN, before, disabled=page == 0))
            looking.append(make(phrases.NEXT, Action.TURN, after, disabled=page >= last))
        elif last > 0:
            looking.append(make(phrases.MORE, Action.TURN, 1))
        saying.append(make(phrases.HELPFUL, Action.HELPFUL))
        saying.append(make(phrases.WRONG, Action.WRONG))
    looking.append(make(phrases.ASK_ON, Action.ASK))
    if card.private:
        saying.append(make(phrases.SHARE, Action.SHARE))
    saying.append(make(phrases.REMOVE, Action.REMOVE))
    return fit_rows([looking, saying] if card.passages else [[*looking, *saying]])
