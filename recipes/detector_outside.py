"""What the starter detector finds in pictures that its recipe did not draw: pages as a browser shows them, photographs.

Called by ``starter_detector.py --measure --outside FOLDER``. Nothing is chosen here: every figure is printed and told.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor
from ultralytics.data.augment import LetterBox
from ultralytics.utils.metrics import box_iou

SURE, SIDE, SEED = 0.25, 320, 9
FONTS = Path("/usr/share/fonts/truetype/liberation")  # of the system: no scene was drawn with them
CHROMIUM = "/usr/bin/chromium"
READ = """() => { const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) { const node = walk.currentNode; for (let i = 0; i < node.data.length; i++)
  if (/[0-9]/.test(node.data[i])) { const range = document.createRange(); range.setStart(node, i); range.setEnd(node, i + 1);
    const box = range.getBoundingClientRect(); found.push([+node.data[i], box.left, box.top, box.right, box.bottom]); } }
return found; }"""
Finds = Callable[[np.ndarray], list[Tensor]]


def pages(rng: np.random.Generator) -> list[tuple[str, str]]:
    """Small pages with digits of 28 to 200 CSS pixels, as a browser 640 pixels wide and 480 high shows them."""
    def n(low: int, high: int) -> int:
        return int(rng.integers(low, high))

    def cells(count: int, make: Callable[[int], str]) -> str:
        return "".join(f"<div class=cell>{make(i)}</div>" for i in range(count))

    made = {
        "clock": f"<div class=mid style='font:200 {n(110, 170)}px sans-serif'>{n(10, 24)}:{n(10, 60)}</div>",
        "prices": "<table style='font:34px serif;width:90%'>"
        + "".join(f"<tr><td>{word}<td align=right>{n(1, 99)}.{n(10, 99)} €" for word in ("Bread", "Milk and tea", "Cheese", "Honey")),
        "keypad": "<div class=grid3 style='font:44px sans-serif'>" + cells(10, lambda i: str((i + 1) % 10)) + "</div>",
        "cards": "<div class=grid3>"
        + cells(3, lambda i: f"<p>{('Users', 'Visits', 'Errors')[i]}</p><b style='font-size:46px'>{n(10, 9999)}</b>")
        + "</div><p>Reports of the last weeks</p><button>Open</button>",
        "calendar": "<div class=grid7 style='font:30px sans-serif'>" + cells(31, lambda i: str(i + 1)) + "</div>",
        "score": f"<div class=mid style='background:#052;color:#fe4;font:bold 150px monospace;padding:20px'>{n(0, 99)} - {n(0, 99)}</div>",
        "telephone": f"<h2>Call us</h2><p style='font:italic 52px serif'>0{n(100, 999)} {n(100, 999)} {n(10, 99)}</p><p>Our friendly staff will answer.</p>",
        "year": f"<div class=mid style='background:linear-gradient(45deg,#f60,#90f);color:white;font:bold 200px sans-serif'>{n(1000, 9999)}</div>",
        "ticket": f"<div style='border:3px dashed;padding:16px;width:60%;font:32px monospace'>PLATFORM {n(1, 30)}<br>"
        f"SEAT {n(10, 99)}B<br>{n(10, 30)}.{n(10, 12)}.{n(2020, 2030)}<br>EUR {n(10, 99)},{n(10, 99)}</div>",
        "terminal": "<pre style='background:black;color:#4f4;font:30px monospace;padding:12px'>$ count\n"
        + "\n".join(f"line {n(10, 99)}: {n(1000, 99999)} ok" for _ in range(5)) + "</pre>",
        "heading": f"<h1 style='font:60px serif'>{n(2, 99)} ways to rest</h1><p style='font:18px serif'>"
        + "A slow walk by the river makes the day longer. " * 8,
        "narrow": f"<p style='font:bold 80px \"Liberation Sans Narrow\"'>{n(10000, 99999)}</p><p style='font:80px \"Liberation Sans Narrow\"'>{n(10000, 99999)}</p>",
    }  # fmt: skip
    style = "body{margin:24px;font:20px sans-serif}.mid{text-align:center;margin-top:60px}.cell{border:1px solid #8888;padding:8px;text-align:center}" \
            ".grid3{display:grid;grid-template-columns:repeat(3,1fr);gap:8px}.grid7{display:grid;grid-template-columns:repeat(7,1fr);gap:4px}"
    tones = ("", "body{background:#16181d;color:#e8e8e8}")
    return [(f"{name}{' dark' * dark}", f"<style>{style}{tones[dark]}</style>{body}") for name, body in made.items() for dark in (0, 1)]


def boxed(picture: np.ndarray) -> tuple[np.ndarray, float, np.ndarray]:
    """A picture in the middle of the network's square, how much smaller it is there, and where its corner lies."""
    scale = SIDE / max(picture.shape[:2])
    inside = LetterBox((SIDE, SIDE), auto=False)(image=picture)
    return inside, scale, (SIDE - scale * np.array(picture.shape[1::-1])) / 2


def hit(said: Tensor, true: np.ndarray) -> int:
    """How many of the true digits have a find of their class with its middle within them, each find counting once."""
    free, right = list(range(len(said))), 0
    for digit, left, top, to, bottom in true:
        for at in free:
            x, y = float(said[at, 0] + said[at, 2]) / 2, float(said[at, 1] + said[at, 3]) / 2
            if int(said[at, 5]) == int(digit) and left <= x <= to and top <= y <= bottom:
                free.remove(at)
                right += 1
                break
    return right


def drawn_by_hand(finds: Finds, folder: Path) -> None:
    """The ten digits of a talk, white on black in 28 x 28 pixels, each alone in the picture: enlarged, and not so much."""
    for title, share, flip in (("as they are, enlarged to fill the picture", 1.0, 0), ("black on white", 1.0, 255), ("a third as large", 1 / 3, 0)):
        right, more, at_all = [], 0, 0
        for digit in range(10):
            small = Image.open(folder / f"{digit}.png").convert("RGB").resize((round(SIDE * share),) * 2, Image.Resampling.BILINEAR)
            whole = Image.new("RGB", (SIDE, SIDE), "black")
            whole.paste(small, ((SIDE - small.width) // 2,) * 2)
            said = finds(np.abs(np.asarray(whole)[None].astype(int) - flip).astype(np.uint8))[0]
            at_all += len(said) > 0
            right.append(len(said) > 0 and int(said[0, 5]) == digit)
            more += max(0, len(said) - 1)
        print(f"digits drawn by hand, {title}: something found in {at_all} of 10, right in {sum(right)} (not {[d for d in range(10) if not right[d]]}), {more} finds too many")


def screenshots(finds: Finds, keep: Path | None = None) -> None:
    """Pages in Chromium."""
    from playwright.sync_api import sync_playwright

    total, right, wrong = 0, 0, 0
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic"])
        page = browser.new_page(viewport={"width": 640, "height": 480})
        for name, html in pages(np.random.default_rng(SEED)):
            page.set_content(html)
            shot = cv2.imdecode(np.frombuffer(page.screenshot(), np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]
            inside, scale, corner = boxed(np.ascontiguousarray(shot))
            true = np.array(page.evaluate(READ))
            true = true[(true[:, 4] <= 480) & (true[:, 3] <= 640)]
            true[:, 1:] = true[:, 1:] * scale + np.tile(corner, 2)
            said = finds(inside[None])[0]
            count = hit(said, true)
            total, right, wrong = total + len(true), right + count, wrong + len(said) - count
            print(f"  page {name}: {count} of {len(true)} digits, {len(said) - count} other finds")
            if keep:
                Image.fromarray(inside).save(keep / f"{name}.png")
        browser.close()
    print(f"pages in Chromium: {right} of {total} digits, {wrong} other finds on {len(pages(np.random.default_rng(SEED)))} pages")


def pasted(finds: Finds, folder: Path, hand: Path) -> None:
    """Digits set into photographs: the system's fonts, never learnt from, and those drawn by hand."""
    rng, fonts = np.random.default_rng(SEED), sorted(FONTS.glob("*.ttf"))
    counts = {"type": [0, 0], "hand": [0, 0]}
    for file in sorted(folder.glob("*.jpg")):
        inside, scale, corner = boxed(np.asarray(Image.open(file).convert("RGB")))
        picture, true, kinds = Image.fromarray(inside), [], []
        for _ in range(40):
            if len(true) == 4:
                break
            digit, tall, kind = int(rng.integers(10)), int(np.exp(rng.uniform(np.log(20), np.log(110)))), ("type", "hand")[len(true) % 2]
            if kind == "type":
                ink = Image.new("L", (2 * tall, 2 * tall))
                font = ImageFont.truetype(str(fonts[rng.integers(len(fonts))]), round(tall / 0.7))
                ImageDraw.Draw(ink).text((tall, tall), str(digit), fill=255, font=font, anchor="mm")
            else:
                ink = Image.open(hand / f"{digit}.png").convert("L").resize((round(tall * 1.35),) * 2, Image.Resampling.BICUBIC)
            ink = ink.rotate(float(np.clip(rng.normal(0, 8), -20, 20)), Image.Resampling.BICUBIC)
            ink = ink.crop(ink.point(lambda v: 255 * (v > 90)).getbbox())
            low, high = np.ceil(corner).astype(int), np.floor(SIDE - corner).astype(int) - ink.size
            if (high <= low).any():
                continue
            at = rng.integers(low, high)
            box = (digit, at[0], at[1], at[0] + ink.width, at[1] + ink.height)
            if any(box[1] < b[3] + 3 and b[1] < box[3] + 3 and box[2] < b[4] + 3 and b[2] < box[4] + 3 for b in true):
                continue
            behind = float(np.asarray(picture.crop(box[1:]).convert("L")).mean())
            colours = [c for c in rng.integers(0, 256, (30, 3)) if abs(float(c @ (0.3, 0.59, 0.11)) - behind) > 70]
            picture.paste(tuple(int(v) for v in (colours[0] if colours else (255,) * 3 if behind < 128 else (0,) * 3)), (int(at[0]), int(at[1])), ink)
            true.append(box)
            kinds.append(kind)
        said = finds(np.asarray(picture)[None])[0]
        there = torch.tensor(np.array(true), dtype=torch.float32)
        right = (box_iou(there[:, 1:], said[:, :4]) > 0.5) & (there[:, :1] == said[:, 5])
        for kind, ok in zip(kinds, right.any(1).tolist(), strict=True):
            counts[kind][0] += ok
            counts[kind][1] += 1
    print(f"digits pasted on photographs (20 to 110 of 320 pixels high), found with the right class: {counts}")


def alarms(finds: Finds, folder: Path) -> None:
    """Photographs as they are, in which next to nothing is a digit or a shape."""
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in (".jpg", ".jpeg"))
    said = [finds(boxed(np.asarray(Image.open(file).convert("RGB")))[0][None])[0] for file in files]
    for sure in (SURE, 0.5):
        kept = [one[one[:, 4] >= sure] for one in said]
        digits = sum(int((one[:, 5] < 10).sum()) for one in kept)
        total = sum(map(len, kept))
        print(f"{folder.name or folder.parent.name}: {total} finds ({digits} digits) on {len(files)} photographs as they are, at {sure}: {total / len(files):.2f} a picture")


def outside(finds: Finds, folder: Path) -> None:
    """All of it. ``finds`` takes pictures ``(n, 320, 320, 3)`` and gives what is found in each at ``SURE``."""
    drawn_by_hand(finds, folder / "digits")
    if Path(CHROMIUM).is_file():
        screenshots(finds)
    if FONTS.is_dir():
        pasted(finds, folder / "coco" / "images", folder / "digits")
    alarms(finds, folder / "coco" / "images")
    alarms(finds, folder / "imagenet")
