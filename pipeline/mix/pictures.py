"""Captions and credits of pictures in many houses' styles."""

from __future__ import annotations

import re

from pipeline.mix.draws import Pool, Rng, chance, choose, fill
from pipeline.mix.sheet import Line, Piece, line
from pipeline.mix.wording import sentences
from pipeline.records import Article

CREDITS = (
    "Photo: {a}", "Photo: {a}", "Photograph: {a}", "Photograph: {n}/{a}", "Photograph: {n}/{a}",
    "Photo: {n}, {a}", "Photo by {n}", "Photo by {n}/{a}", "Credit: {a}", "Credit: {n}",
    "Credit: {n}/{a}", "Picture: {a}", "Picture: {n}", "Image: {a}", "Image credit: {n}",
    "{a} Photo", "{a} photo", "AP Photo/{n}", "{n} / {a}", "{n}/{a}", "{a} / {a}", "{a}/{a}",
    "File photo", "File photo: {a}", "File picture", "(Photo: {a})", "(Photo by {n}/{a})",
    "[Photo: {n}]", "Photos: {n}", "Photo courtesy of {n}", "Courtesy photo", "Handout photo",
    "Handout", "Video: {a}", "Illustration: {n}", "Graphic: {n}", "Image source: {a}",
    "Image copyright {a}", "{a}", "Photo | {n}", "PHOTO: {A}", "PHOTO: {n}", "IMAGE: {A}",
    "Source: {a}", "© {a}", "- {a}", "Screen grab: {a}", "Screengrab from video", "Photo: Reuters",
    "Photo: AFP", "Pic: {n}", "Image source, {a}", "Image source, {a}",
    "Image source, Getty Images", "Photograph: {n}/The Observer",
    "(Photo by {n}/AFP via Getty Images)", "(Photo by {n} / AFP)", "(Photo by {n}/Getty Images)",
    "(AP Photo/{n})", "(AP Photo/{n}, File)", "[{n}/{a}]", "[{n}/AP Photo]", "[File: {n}/{a}]",
    "[{a}]", "({n}/{a})", "({a})", "({n} for {c})", "{n} for {c}", "{n} via {a}", "{a} via {a}",
    "{n} | {a}", "{n} — {a}", "Getty", "GETTY IMAGES", "Getty Images/iStockphoto", "GETTY",
    "REUTERS/{n}", "REUTERS", "PA", "CREDIT: {A}", "PHOTO CREDIT", "PHOTO CREDIT: {N}",
    "Photo Credit: {n}", "Image Credit: {a}", "Image Credits: {n}", "Photo credit: {n}/{a}",
    "Pic: {a}", "Pic credit: {n}", "Pictures: {n}", "Picture courtesy: {a}",
    "Picture courtesy of {n}", "Picture courtesy", "Image courtesy: {c}", "Courtesy of {c}",
    "Courtesy: {a}", "Photo provided by {n}", "Photo supplied", "Supplied", "(Supplied)",
    "Supplied: {n}", "{c}: {n}", "Handout via {a}", "Handout/{a}", "Photograph: Handout",
    "Photograph: Supplied", "Photograph: Alamy", "Photograph: {n}/Rex/Shutterstock",
    "Photograph by {n}", "Photographs: {n} and {n}", "Photo / {n}", "Photo / {a}", "Photo/{a}",
    "Foto: {n}", "Image: {n}, {a}", "Image via {a}", "Image: Screenshot", "Screenshot: {c}",
    "Representative image", "(Representational image)", "Stock photo", "Stock image: {a}",
    "Library picture", "Archive photo", "File image of {p}", "File / {a}", "File pic", "FILE PHOTO",
    "FILE PHOTO: {A}", "AP file photo", "Video credit: {a}", "Video still: {a}",
    "Drone footage: {n}", "Map: {a}", "Chart: {c}", "Source: {a}, {c}",
    "Media playback is unsupported on your device", "©{a}", "© {n}", "© {y} {a}", "Copyright: {a}",
    "Copyright {a}", "AP / Getty Images", "AFP/{n}", "AFP PHOTO / {N}", "EPA/{N}", "EPA/{n}",
    "dpa/{n}", "Xinhua/{n}", "{a}-{n}", "Staff photo by {n}", "{n}/staff",
    "{n}, staff photographer", "{n} / {c}", "By {n}, {a}",
)  # fmt: skip
CAPTIONS = (
    "Image caption, {x}", "Image caption {x}", "{x}", "{x}", "{x}", "{x}", "{x}", "{x} ({d})",
    "{x} File picture", "Pictured: {x}", "Above: {x}", "In this file photo, {x}", "Caption: {x}",
    "{p}: {x}", "{x} [File]", "Media caption, {x}", "Watch: {x}", "VIDEO: {x}", "In pictures: {x}",
    "{x} ▲", "▲ {x}", "Photo caption: {x}",
)  # fmt: skip
SCENES = (
    "A view of {p}", "A street in {p} on {w}", "{n} speaks to reporters in {p}",
    "{n} in {p} on {w}", "A file picture of {n}", "{n} (left) with {n}",
    "People gather in {p}, {d}", "{n}, pictured in {y}", "Police officers stand guard in {p}",
    "The scene in {p} on {d}", "A map of the area around {p}", "{n} arrives for talks in {p}",
    "Residents of {p} on {w} morning", "From left: {n}, {n} and {n}",
    "{n} was photographed at home in {p}", "Workers at a site near {p}", "The centre of {p} in {y}",
    "{n} says much remains to be done", "An aerial view of {p}", "{n} addresses a crowd in {p}.",
    "{n} at a news conference in {p}, {d}.", "A woman walks past a shop in {p} on {d}.",
    "Traffic in {p} on {w}.", "{n} had been expected to attend",
    "The building in {p}, seen in {y}.",
)  # fmt: skip
CREDITED = re.compile(r"\s((?:Photo|Credit|Picture|Image|Photograph)\b.*)$")


def a_credit(rng: Rng, pool: Pool, place: str) -> str:
    """Draw a credit line."""
    return fill(rng, choose(rng, CREDITS), pool, place)


def a_caption(article: Article, rng: Rng, pool: Pool, place: str) -> Line:
    """Draw a caption: the article's own, one made of a sentence of it, or of a plain scene."""
    draw = rng.random()
    if article.caption and draw < 0.6:
        match = CREDITED.search(article.caption)
        if match is None:
            return line("caption", article.caption)
        return (*line("caption", article.caption[: match.start()]), *line("credit", match[1]))
    usable = [s for s in sentences(choose(rng, article.paragraphs)) if 4 <= len(s.split()) <= 24]
    if usable and draw < 0.85:
        text = choose(rng, usable)
        text = text.rstrip(".") if chance(rng, 0.5) else text
    else:
        text = fill(rng, choose(rng, SCENES), pool, place)
    template = fill(rng, choose(rng, CAPTIONS).replace("{x}", "\0"), pool, place)
    return line("caption", template.replace("\0", text))


def picture_lines(article: Article, rng: Rng, pool: Pool, place: str) -> list[Line]:
    """Draw what stands under a picture: a caption, with its credit behind, below or above it."""
    caption, credit = (
        a_caption(article, rng, pool, place),
        line("credit", a_credit(rng, pool, place)),
    )
    draw = rng.random()
    if len(caption) > 1 or draw < 0.3:
        return [caption]
    if draw < 0.6:
        return [(*caption, *credit)]
    return [caption, credit] if draw < 0.85 else [credit, caption]


def glued(text: Line, rng: Rng, credit: str) -> Line:
    """Set a credit on the same line as a paragraph: before it or behind it."""
    piece = Piece("credit", " ".join(credit.split()))
    return (*text, piece) if chance(rng, 0.55) else (piece, *text)
