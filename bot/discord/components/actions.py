"""The actions of the buttons below an answer. Each acknowledges its interaction first."""

from collections.abc import Sequence
from typing import Any

import discord
import msgspec

from bot import phrases, votes
from bot.discord.acknowledge import acknowledge
from bot.discord.components import answer_state as states
from bot.discord.components.answer_state import AnswerState
from bot.discord.components.form import form
from bot.discord.components.view import Action, answer_view
from bot.discord.layout.fitting import fit_content
from bot.discord.layout.markdown import escape
from bot.discord.layout.messages import context_embeds, passage_embeds
from bot.discord.layout.plain import above_passages, plain_context, plain_passages
from bot.discord.replies import Replier
from index import ClipdeskError, Engine, Hit


class ActionError(ClipdeskError):
    """An action is not possible now; the message is for the user who clicked."""


class Actions:
    """The actions of one bot's buttons. Raise ClipdeskError with a message for the user."""

    def __init__(self, engine: Engine, replier: Replier) -> None:
        self._engine = engine
        self._replier = replier
        self._sharing: set[str] = set()  # ids of states

    async def run(
        self, interaction: discord.Interaction, action: Action, state_id: str, page: int
    ) -> None:
        """Run an action on a page of the answer with that state."""
        match action:
            case Action.CONTEXT:
                await self._show_context(interaction, state_id, page)
            case Action.TURN:
                await self._turn(interaction, state_id, page)
            case Action.ASK:
                message = interaction.message
                await interaction.response.send_modal(form(message.id if message else 0))
            case Action.HELPFUL:
                await self._vote(interaction, state_id, page, votes.Verdict.HELPFUL)
            case Action.WRONG:
                await self._vote(interaction, state_id, page, votes.Verdict.WRONG)
            case Action.SHARE:
                await self._share(interaction, state_id, page)
            case Action.REMOVE:
                await self._remove(interaction, state_id)

    async def _show_context(
        self, interaction: discord.Interaction, state_id: str, page: int
    ) -> None:
        await acknowledge(interaction, ephemeral=True)
        state = await self._load(state_id)
        hits = await self._hits(state, page)
        found = [(hit, await self._engine.neighbours(hit.passage)) for hit in hits]
        if _in_embeds(interaction):
            embeds = context_embeds(found, marked=state.marked)
            await interaction.edit_original_response(embeds=embeds)
        else:
            content = plain_context(found, marked=state.marked)
            await interaction.edit_original_response(content=content)

    async def _turn(self, interaction: discord.Interaction, state_id: str, page: int) -> None:
        await acknowledge(interaction, thinking=False)
        state = await self._load(state_id)
        page = min(page, max(0, state.pages - 1))
        fields = _passage_fields(interaction, await self._hits(state, page), marked=state.marked)
        view = answer_view(state, page, turned=True)
        await interaction.edit_original_response(**fields, view=view)

    async def _vote(
        self, interaction: discord.Interaction, state_id: str, page: int, verdict: votes.Verdict
    ) -> None:
        await acknowledge(interaction, ephemeral=True)
        passages = (await self._load(state_id)).page(page)
        if not passages:
            raise ActionError(str(phrases.PASSAGE_GONE))
        store, user = self._engine.key_values, interaction.user.id
        message = interaction.message
        question = self._replier.question_of(message.id) if message else ""
        earlier = await votes.vote(store, state_id, user, passages[0], verdict, question=question)
        text = str(phrases.VOTED[verdict is votes.Verdict.HELPFUL])
        if earlier is verdict:
            text = str(phrases.VOTED_ALREADY)
        elif question:
            text = f"{text} {phrases.VOTE_KEEPS_QUESTION}"
        await interaction.edit_original_response(content=text)

    async def _share(self, interaction: discord.Interaction, state_id: str, page: int) -> None:
        """Post a private answer to the channel, once, with buttons of its own.

        It is not remembered for follow-ups, which would reveal the private question.
        """
        await acknowledge(interaction, thinking=False)
        if state_id in self._sharing:  # a second click during the first
            raise ActionError(str(phrases.SHARED_ALREADY))
        self._sharing.add(state_id)
        try:
            await self._share_once(interaction, state_id, page)
        finally:
            self._sharing.discard(state_id)

    async def _share_once(self, interaction: discord.Interaction, state_id: str, page: int) -> None:
        state = await self._load(state_id)
        if not state.private:
            raise ActionError(str(phrases.SHARED_ALREADY))
        hits = await self._hits(state, page) if state.passages else []
        original = msgspec.structs.replace(state, private=False)
        # Saved before posting, so that a later click cannot post it again.
        await states.save(self._engine.key_values, original)
        shared_id = states.new_id()
        asker = await states.asker_hash(self._engine.key_values, shared_id, interaction.user.id)
        shared = msgspec.structs.replace(original, id=shared_id, asker=asker)
        above = escape(phrases.shared_by(interaction.user.display_name))
        try:
            sent = await interaction.followup.send(
                **_passage_fields(interaction, hits, marked=state.marked, above=above),
                view=answer_view(shared, page, turned=page > 0),
                allowed_mentions=discord.AllowedMentions.none(),
                wait=True,
            )
        except discord.DiscordException:
            await states.save(self._engine.key_values, state)  # it can be tried again
            raise
        await states.save(self._engine.key_values, shared)
        view = answer_view(original, page, turned=page > 0)
        await interaction.edit_original_response(view=view)
        if sent.flags.ephemeral:
            raise ActionError(str(phrases.NOT_SHARED))

    async def _remove(self, interaction: discord.Interaction, state_id: str) -> None:
        await acknowledge(interaction, thinking=False)
        state = await states.load(self._engine.key_values, state_id)
        if not await self._may_remove(interaction, state):
            raise ActionError(str(phrases.MAY_NOT_REMOVE if state else phrases.ANSWER_EXPIRED))
        await interaction.delete_original_response()
        await states.delete(self._engine.key_values, state_id)

    async def _may_remove(
        self, interaction: discord.Interaction, state: AnswerState | None
    ) -> bool:
        """True if the user may remove the answer: the asker, and those who may manage messages.

        Ephemeral answers and direct messages belong to the only user who sees them.
        """
        ephemeral = interaction.message is not None and interaction.message.flags.ephemeral
        if ephemeral or interaction.context.dm_channel:
            return True
        moderates = interaction.guild_id is not None and interaction.permissions.manage_messages
        if moderates or state is None:
            return moderates
        user = await states.asker_hash(self._engine.key_values, state.id, interaction.user.id)
        return state.asker == user

    async def _load(self, state_id: str) -> AnswerState:
        state = await states.load(self._engine.key_values, state_id)
        if state is None:
            raise ActionError(str(phrases.ANSWER_EXPIRED))
        return state

    async def _hits(self, state: AnswerState, page: int) -> list[Hit]:
        """The passages of a page that are still in the coverage; at least one."""
        found = [await self._engine.resolve_ref(reference) for reference in state.page(page)]
        hits = [hit for hit in found if hit is not None]
        if not hits:
            raise ActionError(str(phrases.PASSAGE_GONE))
        return hits


def _in_embeds(interaction: discord.Interaction) -> bool:
    """True if the answer is shown in embeds, and the bot may still show them."""
    message = interaction.message
    return bool(message and message.embeds) and interaction.app_permissions.embed_links


def _passage_fields(
    interaction: discord.Interaction, hits: Sequence[Hit], *, marked: bool, above: str = ""
) -> dict[str, Any]:
    """The fields of a message with passages: `above`, the current text above them, the passages."""
    text = above_passages(interaction.message.content) if interaction.message else ""
    text = fit_content(f"{above}\n{text}".strip())
    if _in_embeds(interaction):
        return {"content": text, "embeds": passage_embeds(hits, marked=marked)}
    return {"content": plain_passages(text, hits, marked=marked), "embeds": []}
