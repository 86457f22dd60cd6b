"""What the buttons below an answer do. Each acknowledges its interaction before all else."""

from collections.abc import Sequence
from typing import Any

import discord
import msgspec

from bot import phrases, votes
from bot.discord.acknowledge import acknowledge
from bot.discord.components import answer_state as cards
from bot.discord.components.answer_state import AnswerState
from bot.discord.components.form import form
from bot.discord.components.view import Action, answer_view
from bot.discord.layout.fitting import fit_content
from bot.discord.layout.markdown import escape
from bot.discord.layout.messages import context_embeds, passage_embeds
from bot.discord.layout.plain import above_passages, plain_context, plain_passages
from bot.discord.replies import Replier
from index import ClipdeskError, Engine, Hit


class NotDoneError(ClipdeskError):
    """What a button cannot do now, as it is told to who clicked it."""


class Actions:
    """The buttons of one bot. What cannot be done is raised, as ClipdeskError with what to tell."""

    def __init__(self, engine: Engine, replier: Replier) -> None:
        self._engine = engine
        self._replier = replier
        self._sharing: set[str] = set()

    async def run(
        self, interaction: discord.Interaction, action: Action, card: str, at: int
    ) -> None:
        """Do what a button says, to the answer of that card and at that page."""
        match action:
            case Action.CONTEXT:
                await self._show_context(interaction, card, at)
            case Action.TURN:
                await self._turn(interaction, card, at)
            case Action.ASK:
                message = interaction.message
                await interaction.response.send_modal(form(message.id if message else 0))
            case Action.HELPFUL:
                await self._vote(interaction, card, at, votes.Verdict.HELPFUL)
            case Action.WRONG:
                await self._vote(interaction, card, at, votes.Verdict.WRONG)
            case Action.SHARE:
                await self._share(interaction, card, at)
            case Action.REMOVE:
                await self._remove(interaction, card)

    async def _show_context(self, interaction: discord.Interaction, card_id: str, at: int) -> None:
        await acknowledge(interaction, ephemeral=True)
        card = await self._card(card_id)
        hits = await self._hits(card, at)
        found = [(hit, await self._engine.neighbours(hit.passage)) for hit in hits]
        if _in_embeds(interaction):
            embeds = context_embeds(found, marked=card.marked)
            await interaction.edit_original_response(embeds=embeds)
        else:
            content = plain_context(found, marked=card.marked)
            await interaction.edit_original_response(content=content)

    async def _turn(self, interaction: discord.Interaction, card_id: str, at: int) -> None:
        await acknowledge(interaction, thinking=False)
        card = await self._card(card_id)
        at = min(at, max(0, card.pages - 1))
        shown = _shown(interaction, await self._hits(card, at), marked=card.marked)
        view = answer_view(card, at, turned=True)
        await interaction.edit_original_response(**shown, view=view)

    async def _vote(
        self, interaction: discord.Interaction, card_id: str, at: int, verdict: votes.Verdict
    ) -> None:
        await acknowledge(interaction, ephemeral=True)
        passages = (await self._card(card_id)).page(at)
        if not passages:
            raise NotDoneError(str(phrases.PASSAGE_GONE))
        store, user = self._engine.key_values, interaction.user.id
        message = interaction.message
        question = self._replier.question_of(message.id) if message else ""
        before = await votes.vote(store, card_id, user, passages[0], verdict, question=question)
        said = str(phrases.VOTED[verdict is votes.Verdict.HELPFUL])
        if before is verdict:
            said = str(phrases.VOTED_ALREADY)
        elif question:
            said = f"{said} {phrases.VOTE_KEEPS_QUESTION}"
        await interaction.edit_original_response(content=said)

    async def _share(self, interaction: discord.Interaction, card_id: str, at: int) -> None:
        """Post a private answer for all to see, once, with buttons of its own.

        A question in private is not gone on from in public, so that nothing is told of it.
        """
        await acknowledge(interaction, thinking=False)
        if card_id in self._sharing:  # a second click, while Discord has not taken the first yet
            raise NotDoneError(str(phrases.SHARED_ALREADY))
        self._sharing.add(card_id)
        try:
            await self._share_once(interaction, card_id, at)
        finally:
            self._sharing.discard(card_id)

    async def _share_once(self, interaction: discord.Interaction, card_id: str, at: int) -> None:
        card = await self._card(card_id)
        if not card.private:
            raise NotDoneError(str(phrases.SHARED_ALREADY))
        hits = await self._hits(card, at) if card.passages else []
        alone = msgspec.structs.replace(card, private=False)
        await cards.save(self._engine.key_values, alone)  # a second click must not post it again
        card_id = cards.new_id()
        asker = await cards.asker_hash(self._engine.key_values, card_id, interaction.user.id)
        shared = msgspec.structs.replace(alone, id=card_id, asker=asker)
        above = escape(phrases.shared_by(interaction.user.display_name))
        try:
            sent = await interaction.followup.send(
                **_shown(interaction, hits, marked=card.marked, above=above),
                view=answer_view(shared, at, turned=at > 0),
                allowed_mentions=discord.AllowedMentions.none(),
                wait=True,
            )
        except discord.DiscordException:
            await cards.save(self._engine.key_values, card)  # it can be tried again
            raise
        await cards.save(self._engine.key_values, shared)
        view = answer_view(alone, at, turned=at > 0)
        await interaction.edit_original_response(view=view)
        if sent.flags.ephemeral:
            raise NotDoneError(str(phrases.NOT_SHARED))

    async def _remove(self, interaction: discord.Interaction, card_id: str) -> None:
        await acknowledge(interaction, thinking=False)
        card = await cards.load(self._engine.key_values, card_id)
        if not await self._may_remove(interaction, card):
            raise NotDoneError(str(phrases.NOT_YOURS if card else phrases.CARD_GONE))
        await interaction.delete_original_response()
        await cards.delete(self._engine.key_values, card_id)

    async def _may_remove(self, interaction: discord.Interaction, card: AnswerState | None) -> bool:
        """Whether who clicks may remove the answer: who asked, and who may manage the place.

        What only one person sees, and what the bot tells somebody in private, is theirs alone.
        """
        own = interaction.message is not None and interaction.message.flags.ephemeral
        if own or interaction.context.dm_channel:
            return True
        managed = interaction.guild_id is not None and interaction.permissions.manage_messages
        if managed or card is None:
            return managed
        clicker = await cards.asker_hash(self._engine.key_values, card.id, interaction.user.id)
        return card.asker == clicker

    async def _card(self, card_id: str) -> AnswerState:
        card = await cards.load(self._engine.key_values, card_id)
        if card is None:
            raise NotDoneError(str(phrases.CARD_GONE))
        return card

    async def _hits(self, card: AnswerState, at: int) -> list[Hit]:
        """The passages of a page that are still in the coverage; at least one."""
        found = [await self._engine.resolve_ref(reference) for reference in card.page(at)]
        hits = [hit for hit in found if hit is not None]
        if not hits:
            raise NotDoneError(str(phrases.PASSAGE_GONE))
        return hits


def _in_embeds(interaction: discord.Interaction) -> bool:
    """Whether the answer stands in embeds below which somebody clicked, and still may."""
    message = interaction.message
    return bool(message and message.embeds) and interaction.app_permissions.embed_links


def _shown(
    interaction: discord.Interaction, hits: Sequence[Hit], *, marked: bool, above: str = ""
) -> dict[str, Any]:
    """Passages as a message shows them, `above` and what is said above them now included."""
    said = above_passages(interaction.message.content) if interaction.message else ""
    said = fit_content(f"{above}\n{said}".strip())
    if _in_embeds(interaction):
        return {"content": said, "embeds": passage_embeds(hits, marked=marked)}
    return {"content": plain_passages(said, hits, marked=marked), "embeds": []}
