"""Forms (modals), filled in as Discord's client allows."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from . import limits
from .errors import NotOffered
from .model import Attachment, Interaction
from .refusals import Json
from .resolved import Resolved
from .selects import SELECTS, bounds, chosen

ACTION_ROW, TEXT_INPUT, LABEL, FILE_UPLOAD = 1, 4, 18, 19
RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 21, 22, 23

T = TypeVar("T")


class Modal(NamedTuple):
    """A form that the application has shown in response to an interaction."""

    interaction: Interaction
    data: Json


def fill(modal: Modal, values: Mapping[str, object]) -> Json:
    """Return the interaction data of a submitted form; `values` are by custom id or label.

    A text field takes a text, a radio group one value, a checkbox a bool; groups of checkboxes,
    select menus and uploads take sequences of values, users, roles, channels or attachments.
    """
    left = dict(values)
    resolved = Resolved(modal.interaction.channel.guild)
    rows = [_row(row, left, resolved) for row in modal.data["components"]]
    if left:
        raise NotOffered(f"the form has no field {sorted(left)}")
    return resolved.added_to({"custom_id": modal.data["custom_id"], "components": rows})


def _row(row: Json, values: dict[str, object], resolved: Resolved) -> Json:
    """Return a submitted row; removes the values used from the mapping."""
    sent = {"type": row["type"], "id": row.get("id", 1)}
    if row["type"] == ACTION_ROW:
        fields = [_field(each, each.get("label"), values, resolved) for each in row["components"]]
        return sent | {"components": fields}
    if row["type"] == LABEL:
        return sent | {"component": _field(row["component"], row["label"], values, resolved)}
    return sent


def _field(
    component: Json, label: str | None, values: dict[str, object], resolved: Resolved
) -> Json:
    custom_id, kind = component["custom_id"], component["type"]
    given = values.pop(custom_id, values.pop(label or custom_id, None))
    sent: Json = {"type": kind, "id": component.get("id", 1), "custom_id": custom_id}
    several = given if isinstance(given, Sequence) and not isinstance(given, str) else []
    if kind == TEXT_INPUT:
        default = component.get("value") or ""
        return sent | {"value": _text(component, _one(custom_id, given, str, default))}
    if kind == CHECKBOX:
        default_tick = bool(component.get("default"))
        return sent | {"value": _one(custom_id, given, bool, default_tick)}
    if kind == RADIO_GROUP:
        picked = [] if given is None else [_one(custom_id, given, str, "")]
        return sent | {"value": next(iter(_picked(component, picked, most=1)), None)}
    if kind == CHECKBOX_GROUP:
        options = [_one(custom_id, each, str, "") for each in several]
        return sent | {"values": _picked(component, options, most=len(component["options"]))}
    if kind == FILE_UPLOAD:
        files = [_one(custom_id, each, Attachment, None) for each in several]
        _check_number(component, len(files), most=1)
        return sent | {"values": [resolved.add(file) for file in files if file]}
    if kind in SELECTS:
        return sent | {"values": chosen(component, several, resolved)}
    raise NotImplementedError(f"fields of type {kind} in a form")


def _one(custom_id: str, given: object, kind: type[T], default: T | None) -> T:
    """Return the given value, or the default for None, after checking its type."""
    value = default if given is None else given
    if not isinstance(value, kind):
        raise NotOffered(f"{custom_id!r} cannot be filled in with {given!r}")
    return value


def _text(component: Json, text: str) -> str:
    required = component.get("required", True)
    least = component.get("min_length") or int(required)
    most = component.get("max_length") or limits.TEXT_INPUT_MAX_CHARS
    left_empty = not text and not required
    if not left_empty and not least <= len(text) <= most:
        custom_id = component["custom_id"]
        raise NotOffered(f"{custom_id!r} takes {least} to {most} characters, not {len(text)}")
    return text


def _picked(component: Json, values: list[str], *, most: int) -> list[str]:
    """Return the values after checking that the group offers them."""
    offered = [option["value"] for option in component["options"]]
    if not set(values) <= set(offered):
        raise NotOffered(f"{component['custom_id']!r} offers {offered}, not {values}")
    _check_number(component, len(values), most=most)
    return values


def _check_number(component: Json, number: int, *, most: int) -> None:
    least, most = bounds(component, most)
    if not least <= number <= most:
        raise NotOffered(f"{component['custom_id']!r} takes {least} to {most}, not {number}")
