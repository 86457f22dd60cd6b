"""Wire copy on Discord: one card, which names the other outlets."""

from pathlib import Path

from wire.newsroom import CLOSES, COSTS, open_newsroom

_COPY = """\
---
title: Terminal to close
publisher: {outlet}
published: 2021-03-05
---

ELDHOLM (Norwire) — {text}
"""


async def test_a_card_names_the_other_outlets(tmp_path: Path) -> None:
    coverage = tmp_path / "coverage"
    coverage.mkdir()
    for outlet in ("Globe", "Tribune"):
        copy = _COPY.format(outlet=outlet, text=CLOSES)
        (coverage / f"{outlet}.md").write_text(copy, "utf-8")
    async with open_newsroom(tmp_path, (CLOSES, COSTS)) as newsroom:
        answer = await newsroom.ask("when will the ferry terminal of Eldholm close?")
        first, *rest = answer.embeds
        assert first["footer"]["text"] == (
            "Eldholm Post · Kari Moen · 4 March 2021 · paragraph 1 of 2 · also in Globe and Tribune"
        )
        assert not any(CLOSES[:20] in embed["description"] for embed in rest)
        assert newsroom.discord.ledger.violations == []
