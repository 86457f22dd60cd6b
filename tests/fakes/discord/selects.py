"""Select menus of messages and forms, with values, users, roles or channels."""

from collections.abc import Sequence

from .errors import NotOffered
from .model import Channel, Role, User
from .refusals import Json
from .resolved import Resolved

STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 3, 5, 6, 7, 8
RESOLVABLE_TYPES: dict[int, tuple[type[User | Role | Channel], ...]] = {
    USER_SELECT: (User,),
    ROLE_SELECT: (Role,),
    MENTIONABLE_SELECT: (User, Role),
    CHANNEL_SELECT: (Channel,),
}
SELECTS = (STRING_SELECT, *RESOLVABLE_TYPES)


def chosen(select: Json, choices: Sequence[object], resolved: Resolved) -> list[str]:
    """Return the values that a select menu sends for these choices. Raises NotOffered."""
    name = select["custom_id"]
    least, most = bounds(select, 1)
    if not least <= len(choices) <= most or len(set(choices)) < len(choices):
        raise NotOffered(f"{name!r} takes {least} to {most} different choices, not {choices}")
    return [_value(select, choice, resolved) for choice in choices]


def bounds(component: Json, usual_most: int) -> tuple[int, int]:
    """Return the minimum and maximum number of values of a component."""
    least, most = component.get("min_values"), component.get("max_values")
    needed = component.get("required") is not False
    least = 1 if least is None else least
    return (least if needed else 0), (usual_most if most is None else most)


def _value(select: Json, choice: object, resolved: Resolved) -> str:
    if isinstance(choice, str):
        offered = [option["value"] for option in select.get("options") or []]
        if choice not in offered:
            raise NotOffered(f"{select['custom_id']!r} offers {offered}, not {choice!r}")
        return choice
    offered_kinds = RESOLVABLE_TYPES.get(select["type"], ())
    if not isinstance(choice, User | Role | Channel) or not isinstance(choice, offered_kinds):
        raise NotOffered(f"{select['custom_id']!r} offers no {type(choice).__name__}")
    kinds = select.get("channel_types")
    if isinstance(choice, Channel) and kinds and choice.kind not in kinds:
        raise NotOffered(f"{select['custom_id']!r} offers no channel of type {choice.kind}")
    return resolved.add(choice)
