"""Who wrote a story, where and when: bylines, datelines, stamps, agency tails, corrections."""

from __future__ import annotations

from pipeline.mix.draws import Pool, Rng, chance, choose, fill
from pipeline.mix.sheet import Line, piece
from pipeline.records import Article

BYLINES = (
    "By {n}", "By {n}", "By {n}", "By {n} and {n}", "By {n} in {p}", "By {n}, {p}", "{n} in {p}",
    "{n}", "{n}", "{n} and {n}", "{n} and agencies", "BY {N}", "by {n}", "By {n} / Staff reporter",
    "By {n} / Staff writer", "By {n} / Contributing reporter", "Staff reporter", "By {n}, {d}",
    "Staff and agencies", "{a}, {P}", "Agence France-Presse, {P}", "By {n}, Correspondent",
    "By Our Correspondent", "Our Correspondent in {p}", "From our correspondent", "By {n}, {a}",
    "{n}, business correspondent", "{n}, political editor", "{n} Health editor", "By Staff Writer",
    "{n} | {a}", "{n} - {d}", "By {n} for {a}", "Written by {n}", "Reported by {n}", "From {n}",
    "Text: {n}", "Words by {n}", "{n}, {p}", "{n} reports from {p}", "{a} staff", "{a}", "{c}",
    "{n} {s} correspondent", "{n} {s} editor", "{n} in {p} and {n} in {p}", "{n}, {n} and {n}",
    "By {n}, {n}", "By {n} {c}", "By {n} | {c}", "By {n} | {d}", "By {n} • {d}", "By {n} - {h}",
    "By {n}, {c}", "By {n}, {s} reporter", "By {n} BBC News", "By {n} {s} reporter, {p}",
    "By {n}, Associated Press", "By The Associated Press", "By Reuters", "By AFP", "By Agencies",
    "BY {N} AND {N}", "BY {N}, {A}", "{N}", "{N} {P}", "{n} @ {c}", "By {n} Published: {h}, {d}",
    "By {n} | Updated {d}", "{n} · {d}", "{n} {d}", "{n} {d} {h}", "{d} | By {n}", "{n} for {c}",
    "Analysis by {n}", "Opinion by {n}", "Review by {n}", "Interview by {n}", "Story by {n}",
    "Posted by {n}", "Posted by {n} on {d}", "Posted {d} by {n}", "Author: {n}", "Reporter: {n}",
    "Source: {a}", "{a} in {p}", "{a}-{p}", "Agencies", "Staff", "Staff Report", "Staff reports",
    "Web desk", "News desk", "Newsroom", "Our Bureau", "Special Correspondent", "{c} Bureau",
    "{c} Desk", "Edited by {n}", "PTI", "ANI", "By {n}, {p} bureau chief", "Exclusive by {n}",
    "EXCLUSIVE By {n}", "By {n}, who was in {p}", "The Canadian Press", "Press Association",
    "— By {n}",
)  # fmt: skip
TAIL_BYLINES = (
    "Additional reporting by {n}", "Additional reporting by {a}", "Additional reporting by staff",
    "(Reporting by {n}; Editing by {n})", "Reporting by {n}; writing by {n}; editing by {n}",
    "With additional reporting from {a}", "{n} contributed to this report.", "— {a}", "-- {a}",
    "- {a}", "({a})", "{n} reported from {p}.", "The writer can be reached at news@example.org",
    "With reporting by {n} in {p}", "- {n}", "({n})", "Additional reporting by {n} and {n} in {p}",
    "Reporting by {n} in {p} and {n} in {p}; Editing by {n}",
    "Reporting by {n}; Editing by {n} and {n}",
    "(Additional reporting by {n} in {p}; Writing by {n}; Editing by {n})", "(Reporting By {n})",
    "Associated Press writer {n} in {p} contributed to this report.",
    "AP writers {n} and {n} contributed.", "{n} in {p} contributed to this report.",
    "{n} and {n} contributed reporting from {p}.", "— {n}", "-- {n}", "AP", "AFP", "Reuters",
    "(AP)", "(Reuters)", "(AFP)", "— AP", "– AFP", "- Reuters", "—Reuters", "PTI", "({a}, {a})",
    "Source: {a}", "Source: {a}, {a}", "With {a}", "With input from {a}", "(With inputs from {a})",
    "With agencies", "(With agency inputs)", "Agencies contributed to this report.",
    "— with files from {n}", "With files from {a}", "{n}, {p}", "{N}", "{a}/{n}", "[{a}]",
    "Edited by {n}", "Reporting: {n}. Editing: {n}.", "Compiled by {n}",
    "This story was produced by {a}.", "This report was written with help from {a}.",
    "abc/{a} ({n}, {n})", "Translated by {n}", "Interview: {n}",
    "This story was reported by {n} and written by {n}.",
)  # fmt: skip
MARKED_TAILS = (
    "— {a}",
    "-- {a}",
    "– {a}",
    "({a})",
    "({a})",
    "- {a}",
    "[{a}]",
    "— AP",
    "(Reuters)",
    "AFP",
    "/{a}",
)
DATELINES = (
    "{P} —", "{P} –", "{P} -", "{P} ({a}) -", "{P} ({a}) —", "{P}, {d} ({a}) -", "{P}, {d} —",
    "{P}:", "({a}) -", "{P}, {d} -", "{p} ({a}) –", "{d} ({a}) -", "{P} (Reuters) -", "{P}.",
    "{P} (AP) —", "{P} (AP) --", "{P} --", "{P}, {w} ({a}) —", "{p} —", "{p} -", "{p}:",
    "{P} / {a} –", "{P}/{a}:", "{p}, {d} ({a}) -", "{P}, {d}.", "{P} | {d} |", "{d}, {p} –",
    "({a}) —", "{P}, {w}:", "[{P}] —", "{p} (dpa) -", "{P}, {w} –", "{p}, {d}:", "{P} ({c}) —",
    "{P}, {d} (Xinhua) --", "{P}, {w} —",
)  # fmt: skip
STAMPS = (
    "{d}", "{p}, {d}", "{d}, {h}", "{h}", "{d} {h}", "{d} | {h}", "{w} {d}", "Published {d}",
    "Posted {d}", "Updated {h}", "Published: {d} {h}", "{d} - {h}", "{h}, {d}",
    "Last modified on {d} {h}", "First published {d}", "Updated {d}", "{d} · {k} min read",
    "Issued on: {d} - {h}", "{d} Updated {h}", "{w} {h}", "{k} hours ago", "{k} minutes ago",
)  # fmt: skip
CORRECTIONS = (
    "This article was amended on {d}. An earlier version misspelled a name.",
    "This article was amended on {d} to correct a figure.", "This story has been updated.",
    "This story has been corrected: an earlier version gave the wrong date.",
    "• This article was amended on {d}.",
    "Correction: an earlier version of this article misstated the day of the meeting.",
    "Clarification, {d}: this story has been changed to make clear who made the statement.",
    "Editor's note: this story was first published on {d} and has been updated.",
    "(This story has been refiled to fix a typo.)",
    "CORRECTION: A previous version of this report named the wrong town.",
    "This is a developing story. Check back for updates.",
    "This is a breaking news story and will be updated.",
    "(Updates with comment in the third paragraph)", "More to follow.",
    "This story was updated on {d} at {h} to add a statement.", "Names have been changed.",
    "*Names have been changed",
)  # fmt: skip


def byline(rng: Rng, pool: Pool, place: str) -> str:
    """Draw a byline."""
    return fill(rng, choose(rng, BYLINES), pool, place)


def stamp(rng: Rng, pool: Pool, place: str) -> str:
    """Draw a line that says when a story was printed."""
    return fill(rng, choose(rng, STAMPS), pool, place)


def datelined(article: Article, first: Line, rng: Rng, pool: Pool, place: str) -> Line:
    """Set a dateline before the first line of a story."""
    if article.dateline and chance(rng, 0.4):
        text = f"{article.dateline} {choose(rng, ('—', '–', '-', '--'))}"
    else:
        text = fill(rng, choose(rng, DATELINES), pool, place)
    return (piece("dateline", text), *first)


def signed(text: Line, rng: Rng, pool: Pool, place: str) -> Line:
    """Set an agency's tail behind the last words of a story."""
    return (*text, piece("byline", fill(rng, choose(rng, MARKED_TAILS), pool, place)))
