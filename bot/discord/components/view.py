"""The buttons below an answer, and the format of their ids.

An id contains an action, the id of the answer's state and a page number, so that the button works
for as long as the state is stored.
"""

from enum import Enum

import discord

from bot import phrases
from bot.discord.components.answer_state import AnswerState
from bot.discord.layout.fitting import Button, button, fit_rows
from bot.languages import Phrase


class Action(Enum):
    """Actions of buttons; the values are part of their ids."""

    CONTEXT = "context"
    TURN = "turn"
    ASK = "ask"
    HELPFUL = "helpful"
    WRONG = "wrong"
    SHARE = "share"
    REMOVE = "remove"


TEMPLATE = (
    rf"answer:(?P<action>{'|'.join(action.value for action in Action)})"
    r":(?P<state>[A-Za-z0-9_-]{1,40}):(?P<page>[0-9]{1,3})"
)


def custom_id(action: Action, state_id: str, page: int) -> str:
    """The id of a button, which `TEMPLATE` matches."""
    return f"answer:{action.value}:{state_id}:{page}"


def answer_view(state: AnswerState, page: int = 0, *, turned: bool = False) -> discord.ui.View:
    """The buttons below a page of an answer; `turned` once somebody has turned pages.

    An answer without passages has no buttons for pages, context or votes.
    """

    def make(label: Phrase, action: Action, to: int = page, *, disabled: bool = False) -> Button:
        return button(str(label), custom_id(action, state.id, to), disabled=disabled)

    first_row: list[Button] = []
    second_row: list[Button] = []
    if state.passages:
        first_row.append(make(phrases.SHOW_CONTEXT, Action.CONTEXT))
        last = state.pages - 1
        if turned:
            before, after = max(0, page - 1), page + 1
            first_row.append(make(phrases.PREVIOUS, Action.TURN, before, disabled=page == 0))
            first_row.append(make(phrases.NEXT, Action.TURN, after, disabled=page >= last))
        elif last > 0:
            first_row.append(make(phrases.MORE, Action.TURN, 1))
        second_row.append(make(phrases.HELPFUL, Action.HELPFUL))
        second_row.append(make(phrases.WRONG, Action.WRONG))
    first_row.append(make(phrases.ASK_FOLLOW_UP, Action.ASK))
    if state.private:
        second_row.append(make(phrases.SHARE, Action.SHARE))
    second_row.append(make(phrases.REMOVE, Action.REMOVE))
    return fit_rows([first_row, second_row] if state.passages else [[*first_row, *second_row]])
