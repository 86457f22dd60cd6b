"""Selects the traffic that is checked against Discord's description."""

from collections import Counter
from dataclasses import dataclass

from .openapi import Description
from .refusals import Problem


@dataclass(frozen=True, slots=True)
class Sampling:
    """Checks the `first` of each route, status or schema, then one in `then_every`."""

    first: int = 100
    then_every: int = 100

    def picks(self, number: int) -> bool:
        return number <= self.first or (number - self.first) % self.then_every == 0


EVERYTHING = Sampling(first=0, then_every=1)


class Inspector:
    """Checks the sampled traffic against the description; finds no problems in the rest."""

    def __init__(self, description: Description | None, sampling: Sampling) -> None:
        self.sampling = sampling
        self.checked = 0
        self._description = description
        self._seen: Counter[str] = Counter()

    @property
    def has_description(self) -> bool:
        return self._description is not None

    def of_request(self, method: str, route: str, body: object) -> list[Problem]:
        description = self._due(f"{method} {route}")
        return description.of_request(method, route, body) if description else []

    def of_response(self, method: str, route: str, status: int, payload: object) -> list[Problem]:
        description = self._due(f"{method} {route} {status}")
        return description.of_response(method, route, status, payload) if description else []

    def of_component(self, name: str, payload: object) -> list[Problem]:
        description = self._due(name)
        return description.of_component(name, payload) if description else []

    def _due(self, name: str) -> Description | None:
        """Count an item of that name; return the description if it is to be checked."""
        self._seen[name] += 1
        if self._description is None or not self.sampling.picks(self._seen[name]):
            return None
        self.checked += 1
        return self._description
