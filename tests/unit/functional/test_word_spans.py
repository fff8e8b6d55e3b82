"""Words as places in a text: what belongs together stays together, and each piece finds its word."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from playground.functional.word_spans import assigned, word_spans


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in word_spans(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I don't like Zoë’s film.", ["I", "don't", "like", "Zoë’s", "film", "."]),
        ("A well-made so-so 7/10, 3.5 or 1,000!!", ["A", "well-made", "so-so", "7/10", ",", "3.5", "or", "1,000", "!!"]),
        ("'quoted' (really?) end...", ["'", "quoted", "'", "(", "really", "?", ")", "end", "..."]),
        ("rock 'n' roll - ok", ["rock", "'", "n", "'", "roll", "-", "ok"]),
        ("fine :-) <3 :D no: 8 books", ["fine", ":-)", "<3", ":D", "no", ":", "8", "books"]),
        ("#bad @you a@b", ["#bad", "@you", "a", "@b"]),
        ("😀😀 👨‍👩‍👧 👍🏽 🇩🇪🇫🇷 1️⃣ ❤️!", ["😀", "😀", "👨‍👩‍👧", "👍🏽", "🇩🇪", "🇫🇷", "1️⃣", "❤️", "!"]),
        ("日本語テスト ok。", ["日", "本", "語", "テ", "ス", "ト", "ok", "。"]),
        ("ที่ดี", ["ที่", "ดี"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("مرحبا بالعالم", ["مرحبا", "بالعالم"]),
        ("cafe\u0301s\u200b \x00\ttab\u00a0here\ufeff", ["cafe\u0301s", "tab", "here"]),
        ("-5° & AT&T 100%", ["-", "5", "°", "&", "AT&T", "100", "%"]),
        ("  \n ", []),
    ],
)  # fmt: skip
def test_what_belongs_together_is_one_word(text: str, wanted: list[str]) -> None:
    assert words(text) == wanted


def test_every_character_that_shows_stands_in_exactly_one_word() -> None:
    letters = np.random.default_rng(0).integers(1, 0x11FFFF, 20_000).tolist()
    text = "".join(chr(code % 0x3000 if number % 2 else code % 0x110000) for number, code in enumerate(letters))
    spans = word_spans(text)
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
    inside = set().union(*(range(start, end) for start, end in spans))
    assert all(number in inside for number, letter in enumerate(text) if letter.isalnum() and letter.isprintable())


def test_each_piece_finds_its_word() -> None:
    text = "I don't say naïveté"
    found, which = assigned(word_spans(text), [(0, 1), (2, 5), (5, 6), (6, 7), (7, 11), (12, 14), (14, 19)])
    assert found == ((0, 1), (2, 7), (8, 11), (12, 19))  # a piece may carry the space before its word
    assert which.tolist() == [0, 1, 1, 1, 2, 3, 3]


def test_words_that_share_a_piece_are_one() -> None:
    found, which = assigned(word_spans("日本語 ok.)"), [(0, 2), (2, 3), (4, 6), (6, 8)])
    assert found == ((0, 2), (2, 3), (4, 6), (6, 8)) and which.tolist() == [0, 1, 2, 3]


def test_parts_of_one_character_and_pieces_on_no_word() -> None:
    found, which = assigned(word_spans("a 😀  b"), [(0, 1), (2, 3), (2, 2), (2, 3), (3, 4), (4, 5), (5, 6)])
    assert found == ((0, 1), (2, 3), (5, 6)) and which.tolist() == [0, 1, 1, 1, -1, 2, 2]
    assert assigned([], [(0, 1)])[1].tolist() == [-1] and assigned([(0, 1)], [])[0] == ((0, 1),)
