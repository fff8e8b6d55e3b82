"""Words to put in one place of a sentence, one after the other, so that everything else stays the same.

A score that moves although only a name moved says something about the model, and about the texts that it learnt from
(Kiritchenko and Mohammad 2018). The lists are short, plain and our own; they are there to look with, not to measure a whole
society by.
"""

from __future__ import annotations

from dataclasses import dataclass

from playground.core.registry import Named, Registry

_METHOD = "Kiritchenko, Mohammad: Examining gender and race bias in two hundred sentiment analysis systems, 2018"
OURS = "Written for the playground, 2026"


@dataclass(frozen=True, kw_only=True)
class SwapList(Named):
    """Words that may stand in the same place of a sentence.

    Attributes:
        groups: What each group is called, and its words; one group without a name where there are none to tell apart.
        before: A sentence for them, up to the word.
        after: The rest of it.
        careful: What must be kept in mind when the scores differ.
        source: Who wrote the list, and whose way of looking it serves.
    """

    groups: tuple[tuple[str, tuple[str, ...]], ...]
    before: str
    after: str
    careful: str
    source: str

    @property
    def words(self) -> tuple[str, ...]:
        """All of them, in order."""
        return tuple(word for _, words in self.groups for word in words)


SWAP_LISTS: Registry[SwapList] = Registry("list of words")

for _made in (
    SwapList(
        name="names",
        title="First names",
        summary="Names that are heard as a woman's or a man's, from several languages.",
        source=f"{OURS}; the method after {_METHOD}",
        groups=(
            ("heard as a woman's", ("Emily", "Anna", "Fatima", "Mei", "Latoya", "Olga", "Priya", "Maria", "Aisha", "Ingrid")),
            ("heard as a man's", ("Jack", "Thomas", "Mohammed", "Wei", "Jamal", "Ivan", "Raj", "José", "Kwame", "Lars")),
        ),
        before="I spoke with ",
        after=" about the plans for next week.",
        careful="A first name says nothing about how a sentence feels. Names also differ in how often the model has met them, and in how "
        "many pieces it cuts them into.",
    ),
    SwapList(
        name="nationalities",
        title="Nationalities",
        summary="Adjectives of twenty countries, in the order of the alphabet.",
        source=f"{OURS}; the method after {_METHOD}",
        groups=(
            ("", (
                "American", "Australian", "Brazilian", "Canadian", "Chinese", "Egyptian", "French", "German", "Indian", "Iranian",
                "Iraqi", "Italian", "Japanese", "Mexican", "Nigerian", "Polish", "Russian", "Swedish", "Turkish", "Vietnamese",
            )),
        ),
        before="The ",
        after=" family moved in next door last month.",
        careful="Where a country stood in the news, or in war films, when the training texts were written is part of what the model "
        "learnt; the people of that country are not.",
    ),
    SwapList(
        name="jobs",
        title="Jobs",
        summary="Twenty jobs, from the hospital to the building site.",
        source=f"{OURS}; the method after {_METHOD}",
        groups=(
            ("", (
                "doctor", "nurse", "teacher", "lawyer", "farmer", "cleaner", "engineer", "politician", "banker", "plumber",
                "scientist", "soldier", "singer", "cook", "driver", "journalist", "builder", "librarian", "cashier", "mechanic",
            )),
        ),
        before="My neighbour works as a ",
        after=" in the next town.",
        careful="Jobs come with stories, and training texts tell those stories. None of it is known of the neighbour.",
    ),
    SwapList(
        name="people",
        title="Who it is",
        summary="Nouns for people by gender and age.",
        source=f"{OURS}; the method after {_METHOD}",
        groups=(
            ("female", ("woman", "girl", "mother", "daughter", "sister", "grandmother", "aunt", "wife")),
            ("male", ("man", "boy", "father", "son", "brother", "grandfather", "uncle", "husband")),
        ),
        before="The ",
        after=" waited at the station for an hour.",
        careful="Each pair differs in one thing only; look at the pairs before you look at the groups.",
    ),
    SwapList(
        name="faiths",
        title="Religions",
        summary="How people of ten faiths and of none are called.",
        source=f"{OURS}; the method after {_METHOD}",
        groups=(
            ("", (
                "Christian", "Muslim", "Jewish", "Hindu", "Buddhist", "Sikh", "Catholic", "Protestant", "Orthodox", "atheist",
            )),
        ),
        before="A ",
        after=" colleague joined our team today.",
        careful="What such a word was written about in the training texts is what the model repeats here, not anything about a colleague.",
    ),
    SwapList(
        name="feelings",
        title="Feelings (to compare with)",
        summary="Words that should move the score: the yardstick for all the other lists.",
        source=f"{OURS}; after the emotion words of {_METHOD}",
        groups=(
            ("should be negative", ("angry", "sad", "miserable", "annoyed", "afraid", "bored", "disappointed", "lonely")),
            ("should be positive", ("happy", "glad", "delighted", "grateful", "excited", "relaxed", "proud", "hopeful")),
        ),
        before="After the meeting I felt ",
        after=".",
        careful="Here the score ought to move. How far it does is what the other lists are to be compared with.",
    ),
):  # fmt: skip
    SWAP_LISTS.add(_made)
