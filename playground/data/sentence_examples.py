"""Texts to try a model of sentiment on: our own words, each of which asks for something else."""

from __future__ import annotations

from dataclasses import dataclass

from playground.core.registry import Named, Registry

OURS = "Written for the playground, 2026"


@dataclass(frozen=True, kw_only=True)
class SentenceExample(Named):
    """A text that comes with the playground.

    Attributes:
        text: All of it.
        source: Who wrote it, and when.
        plain: What every reader takes it for, "negative", "neutral" or "positive"; empty where a model may well go wrong.
    """

    text: str
    source: str
    plain: str = ""


SENTENCES: Registry[SentenceExample] = Registry("example text")


def _add(name: str, title: str, summary: str, text: str, plain: str = "") -> None:
    SENTENCES.add(SentenceExample(name=name, title=title, summary=summary, text=text, source=OURS, plain=plain))


_add("mixed", "Mixed", "Praise and complaint in one sentence.",
     "The camera is wonderful and the screen is gorgeous, but the battery dies before lunch.")  # fmt: skip
_add("praise", "Praise", "Nothing to doubt here.",
     "What a lovely evening: the food was delicious, and we couldn't stop laughing.", "positive")  # fmt: skip
_add("complaint", "Complaint", "Nothing to doubt here either.",
     "My new phone broke on the first day, and nobody at the shop would help me.", "negative")  # fmt: skip
_add("negation", "Negation", "A good word, turned round by a small one.",
     "The food was not good, and I won't come back.", "negative")  # fmt: skip
_add("irony", "Irony", "Says one thing and means the other: most models waver, or take it at its word.",
     "Oh great, another delayed train. Exactly what I needed on a Monday morning.")  # fmt: skip
_add("neutral", "Neutral", "A fact, and no feeling.",
     "The train leaves at nine and stops at every station.", "neutral")  # fmt: skip
_add("turn", "Turn at the end", "The last words decide.",
     "A famous cast, a huge budget, a brilliant first scene, and two hours later I had never been so bored.", "negative")  # fmt: skip
_add("comparison", "Comparison", "Praise of the book, blame of the film: a model often hears the praise only.",
     "The book was so much better than this film.")  # fmt: skip
_add("spanish", "Spanish", "A model can only read what it has learnt.",
     "El concierto fue maravilloso y la gente era muy amable, pero llovió toda la noche.")  # fmt: skip
_add("script", "Japanese", "Few models have learnt these letters; the others guess, however sure they look.",
     "この映画は本当に素晴らしかった。もう一度見たいです。")  # fmt: skip
_add("emoji", "Emoji", "Two faces, two feelings: the last one often wins.",
     "first day at the new school 😍🎉 and then the bus home broke down 😭")  # fmt: skip

_LONG = """\
The film opens on a harbour in winter. A woman called Ada comes off the last ferry with one suitcase and an address on a folded
piece of paper. The address turns out to be a bakery, and above the bakery there are two rooms that once belonged to her
grandmother. She rents them for a month. The baker, a quiet man who gets up at three every morning, asks no questions and leaves a
loaf outside her door.

In the second part we learn why she came. Her grandmother worked on the ferries for thirty years and kept a notebook in which
she wrote down the names of passengers, what they carried and what they told her. Most entries are a line long. One of them, from
a night in November, goes on for four pages and then stops in the middle of a word. Ada wants to know what happened on that
crossing. She visits the harbour office, where a clerk shows her a shelf of ledgers. She speaks with two retired sailors, with the
sister of a lighthouse keeper, and with a schoolteacher who was on board as a child.

Each of them remembers the night in another way. In one version there was fog and the engine failed. In another there was a
quarrel on deck between two brothers about a house. The teacher only remembers that somebody gave her a blue scarf. The film shows
each of these versions in turn, with the same actors and the same deck, and lets the camera stand in the place where the
grandmother must have stood. Between these scenes Ada walks along the pier, copies pages from the ledgers, and helps in the bakery
when the assistant is away.

The third part takes place on the ferry itself. Ada has found out that one of the brothers is still alive and lives on the other
side of the water. She takes the evening boat, and for twenty minutes the film hardly leaves the passenger room. People come in
out of the cold, buy tea, open newspapers, fall asleep. A boy asks her whether she is afraid of the sea. She says that she has not
made up her mind. When the boat arrives it is dark, and an old man is waiting under the only lamp on the quay with a bicycle.

They sit in his kitchen. He tells her that there was no fog and no quarrel. The engine ran, the sea was calm, and his brother had
decided some weeks before that he would not come back from the island. He had asked the grandmother to write down why, so that
somebody would know it. She wrote for as long as the crossing took. The word in the middle of which the notebook stops is his
name: at that moment the boat touched the pier, and she had to go on deck to throw the rope.

Ada returns with the first ferry. She puts the notebook on the shelf in the harbour office, next to the ledgers, and pays the rent
for another month. In the last shot it is three in the morning, there is light in the bakery, and she is kneading dough beside the
baker while the radio reads out the forecast for the coastal waters: wind from the west, moderate, later decreasing, visibility
good. Then the names of the cast come up over a picture of the empty deck, in the order in which they boarded the boat. The film
was shot in eleven weeks on two islands, with a crew of nineteen people and a ferry that went out of service in the same year.

I must say it: this was a complete waste of time, badly acted, and painfully dull from beginning to end."""

_add("long", "Long review", "A plot told at length, and the verdict in the last line.",
     "\n\n".join(" ".join(part.split()) for part in _LONG.split("\n\n")), "negative")  # fmt: skip
