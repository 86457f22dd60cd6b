"""Conversation memory: what is remembered, and for how long."""

from bot.discord.conversation_memory import KEPT, KEPT_S, AskContext, ConversationMemory


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_question_is_remembered_for_its_asker_in_its_channel() -> None:
    memory = ConversationMemory()
    memory.remember(AskContext(1, 10), "who won?", 100)
    assert memory.previous_question(AskContext(1, 10)) == "who won?"
    assert memory.previous_question(AskContext(2, 10)) is None
    assert memory.previous_question(AskContext(1, 20)) is None


def test_a_reply_refers_to_the_answer_it_replies_to() -> None:
    memory = ConversationMemory()
    memory.remember(AskContext(1, 10), "older", 100)
    memory.remember(AskContext(1, 10), "newer", 101)
    assert memory.previous_question(AskContext(2, 10, replied_to=100)) == "older"
    assert memory.previous_question(AskContext(1, 10, replied_to=99)) is None


def test_questions_expire() -> None:
    clock = _Clock()
    memory = ConversationMemory(clock)
    memory.remember(AskContext(1, 10), "who won?", 100)
    clock.now = KEPT_S - 1
    assert memory.previous_question(AskContext(1, 10)) == "who won?"
    clock.now = KEPT_S + 1
    assert memory.previous_question(AskContext(1, 10)) is None
    assert memory.previous_question(AskContext(2, 10, replied_to=100)) is None


def test_the_oldest_is_evicted_first() -> None:
    memory = ConversationMemory()
    for asker in range(KEPT + 1):
        memory.remember(AskContext(asker, 10), "who won?", 10_000 + asker)
    assert memory.previous_question(AskContext(0, 10)) is None
    assert memory.previous_question(AskContext(5, 10, replied_to=10_000)) is None
    assert memory.previous_question(AskContext(1, 10)) == "who won?"
    assert memory.previous_question(AskContext(KEPT, 10, replied_to=10_000 + KEPT)) == "who won?"
