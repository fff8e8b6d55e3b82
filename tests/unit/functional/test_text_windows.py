"""Windows of long texts: nothing is lost, nothing is torn that need not be, and what is decided is heard."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from playground.functional.text_windows import END, LENGTH, OVERLAP, cut, weights


def words(text: str) -> list[tuple[int, int]]:
    """A piece for each word and each sign, as BERT has them."""
    return [found.span() for found in re.finditer(r"\w+|[^\w\s]", text)]


@pytest.mark.parametrize("longest", [1, 2, 5, 17, 126])
@pytest.mark.parametrize("ends", [("",), (" ",), (" ", ". "), ("", " ", " ", "! ", "\n"), ("。",)])
def test_every_piece_is_in_a_window_that_fits(longest: int, ends: tuple[str, ...]) -> None:
    draw = np.random.default_rng(longest)
    for count in (0, 1, 2, longest, longest + 1, 65, 130, 700):
        text, spans = "", []
        for _ in range(count):
            spans.append((len(text), len(text) + 2))
            text += "xy" + ends[draw.integers(len(ends))]
        windows = cut(text, spans, longest)
        assert set().union(*windows) == set(range(count))
        assert all(len(window) <= longest for window in windows)
        assert [window.start for window in windows] == sorted(window.start for window in windows)
        if count <= longest:
            assert windows == (range(count),)
        else:
            short = min(LENGTH, longest)
            assert all(len(window) <= short for window in windows)
            assert len(windows) <= 4 + 4 * count / short  # it gets on


def test_windows_begin_and_end_with_sentences_and_overlap() -> None:
    sentences = [f"Day {number}: they went on." for number in range(80)]
    text = " ".join(["What a film (it won 3.5 stars)!", *sentences, "Mr. Low is “a bore.” It was a waste of time."])
    spans = words(text)
    windows = cut(text, spans, 126)
    shown = [text[spans[one.start][0] : spans[one.stop - 1][1]] for one in windows]
    assert shown[0].startswith("What a film (it won 3.5 stars)!") and len(windows[0]) <= END
    assert shown[-1].endswith("It was a waste of time.") and len(windows[-1]) <= END
    for part, window in zip(shown, windows, strict=True):
        assert part[0].isupper() and part[-1] in ".!" and len(window) <= LENGTH
    for before, after in itertools.pairwise(windows):
        assert 0 < before.stop - after.start <= OVERLAP + END
    assert len(windows) <= 40


def test_a_sentence_without_end_is_cut_between_words_and_a_script_without_spaces_anywhere() -> None:
    text = "so " * 300
    for window in cut(text, words(text), 126):
        assert OVERLAP < len(window) <= LENGTH
    text = "電影" * 300
    windows = cut(text, [(place, place + 1) for place in range(len(text))], 126)
    assert windows[0].start == 0 and windows[-1].stop == 600
    text = "很好。" * 200
    assert all(one.start % 3 == 0 and one.stop % 3 == 0 for one in cut(text, [(n, n + 1) for n in range(600)], 126))


TWO, THREE, STARS, TOPICS = (-1.0, 1.0), (-1.0, 0.0, 1.0), (-1.0, -0.5, 0.0, 0.5, 1.0), (None, None, None)


def test_one_window_is_all_of_the_verdict() -> None:
    assert weights(np.array([[0.5, 0.5]]), [7], TWO).tolist() == [1.0]


@pytest.mark.parametrize("place", [0, 20, 39])
def test_the_one_window_with_an_opinion_decides(place: int) -> None:
    scores = np.tile([0.02, 0.95, 0.03], (40, 1))
    scores[place] = [0.97, 0.02, 0.01]
    found = weights(scores, [64] * 40, THREE)
    assert found.sum() == pytest.approx(1) and found[place] > 0.8 and (found @ scores).argmax() == 0


def test_without_an_opinion_the_verdict_is_neutral_and_the_middle_half_of_it() -> None:
    scores = np.tile([0.0, 1.0, 0.0], (10, 1))
    found = weights(scores, [20, 32, 16, *[30] * 6, 20], THREE)
    assert found[0] == pytest.approx(1 / 6) and found[-1] == pytest.approx(1 / 3)
    assert found[1] == pytest.approx(2 * found[2]) and (found @ scores) == pytest.approx([0, 1, 0])


def test_torn_windows_count_little_whatever_the_classes_are() -> None:
    for scores, tones in (
        ([[0.5, 0.5], [0.5, 0.5], [0.1, 0.9]], TWO),
        ([[0.5, 0, 0, 0, 0.5], [0.1, 0.2, 0.4, 0.2, 0.1], [0, 0, 0, 0.1, 0.9]], STARS),
        ([[0.4, 0.4, 0.2], [0.3, 0.35, 0.35], [0.05, 0.05, 0.9]], TOPICS),
    ):
        found = weights(np.array(scores), [20, 20, 20], tones)
        assert found[2] > 0.98 and (found @ np.array(scores)).argmax() == len(tones) - 1
