"""A visitor's own table: as a spreadsheet writes it, wrong ones, more than two inputs, and nobody else's."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

import pytest

from tests.e2e.support import Visitor

Arrive = Callable[..., Visitor]


def measured(rows: int = 120) -> bytes:
    """Two kinds of leaves as a German spreadsheet saves them: semicolons, decimal commas, its own encoding, two gaps."""
    draw = random.Random(1)
    lines = ["Länge;Breite;Höhe;Ort;Sorte"]
    for row in range(rows):
        kind, centre = ("Ähre", 2.0) if row % 2 else ("Birke", 5.0)
        numbers = [f"{draw.gauss(centre, 0.7):.2f}".replace(".", ",") for _ in range(3)]
        if row in (4, 9):
            numbers[1] = ""
        lines.append(";".join([*numbers, draw.choice(["Nord", "Süd"]), kind]))
    return "\r\n".join(lines).encode("cp1252")


def workbook() -> bytes:
    """The beginning of any .xlsx file: a ZIP archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 50)
    return made.getvalue()


def upload(visitor: Visitor, content: bytes, name: str = "leaves.csv") -> None:
    field = visitor.page.get_by_test_id("stFileUploaderDropzoneInput")
    field.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_a_table_as_a_spreadsheet_saves_it_is_learnt(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp?lr=0.1")
    page.get_by_text("Your CSV").click()
    page.get_by_text("Upload a table on the left").wait_for()
    visitor.shoot("mlp-own-empty")
    upload(visitor, measured())
    visitor.await_picture()
    rail = page.get_by_test_id("stMain").inner_text()
    assert "leaves.csv: 120 rows, 5 columns" in rail
    assert "2 of 120 rows were left out" in rail
    assert "Ort" in rail  # the column of words, which is no input
    visitor.until(lambda: visitor.query().get("dataset") == "own", "the link says own data")
    assert "table" not in visitor.query()  # an upload is never in a link
    visitor.play(epochs=2)
    accuracy = page.get_by_test_id("val-metric")
    visitor.until(lambda: float(accuracy.inner_text().rstrip(" %\u202f\u00a0")) >= 90, "it learns to tell them apart")
    visitor.shoot("mlp-own-table")


def test_the_plane_of_any_two_inputs(arrive: Arrive) -> None:
    visitor = arrive()
    page = visitor.open("/mlp?dataset=iris&activation=relu&hidden=8&lr=0.1")
    visitor.play(epochs=5)
    visitor.pause()
    loss, before = visitor.read("val-loss"), visitor.pixels()[-1]
    across, up = page.get_by_test_id("axis-x"), page.get_by_test_id("axis-y")
    names = across.locator("option").all_inner_texts()
    assert len(names) == 4
    assert across.input_value() != up.input_value()
    across.select_option("2")
    visitor.until(lambda: visitor.pixels()[-1] != before, "another plane is drawn")
    visitor.until(lambda: across.input_value() == "2", "the axis stays as chosen")
    assert visitor.read("val-loss") == loss  # the numbers count all inputs: only the view has changed
    assert page.get_by_test_id("held").inner_text() == "others held at the training mean"
    visitor.shoot("mlp-iris")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (workbook(), "not a CSV file"),
        (bytes(range(256)) * 20, "encoding that was not recognised"),
        (b"a;b;c\r\n", "no rows below"),
        (b"name,town\nAnn,Bonn\nBob,Bern\n" * 20, "two or more numeric columns"),
        (b"a,b,c\n" + b"1,2,3\n" * 30 + b"1,2,3,4,5,6\n", "Line 32"),
    ],
    ids=["workbook", "binary", "no-rows", "no-numbers", "ragged"],
)
def test_a_wrong_file_is_said_in_words_and_the_page_goes_on(arrive: Arrive, content: bytes, words: str) -> None:
    visitor = arrive()
    page = visitor.go("/mlp?dataset=own")
    upload(visitor, content)
    visitor.until(lambda: visitor.warnings() != "", "something is said")
    assert words in visitor.warnings()
    visitor.settle()
    assert "reference number" not in visitor.warnings()
    visitor.shoot("mlp-bad-csv")
    page.get_by_text("Circle").click()
    visitor.await_picture()
    visitor.play()


def test_an_upload_belongs_to_its_visitor(arrive: Arrive) -> None:
    first, second = arrive(), arrive()
    page = first.go("/mlp?dataset=own")
    upload(first, measured())
    first.await_picture()
    first.play(epochs=2)
    address = page.url
    second.go(address)
    second.page.get_by_text("Upload a table on the left").wait_for()
    assert second.root().count() == 0
    assert "leaves.csv" not in second.page.get_by_test_id("stMain").inner_text()
    # Her own link brings it back, in another tab and after a reload.
    page.reload()
    page.wait_for_selector("[data-testid=stMain] h1")
    first.await_picture()
    assert "leaves.csv" in page.get_by_test_id("stMain").inner_text()
    assert first.epoch() >= 2
