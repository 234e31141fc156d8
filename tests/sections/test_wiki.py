"""Reading a MediaWiki export: prose in its sections, and nothing else."""

from __future__ import annotations

import bz2
from pathlib import Path

import pytest

from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.sections.prose import Paragraph
from pipeline.sections.wiki import wiki_prose

SOURCE = """{{Infobox|name=Port}}
'''Port Vale''' is a [[town|small town]] on the coast.<ref>A book, p. 3.</ref> It has one pier.

[[File:Pier.jpg|thumb|The pier in the winter of the year it was built]]
== History ==
The pier was built by [[fisherman|fishermen]] in the last century. A storm took half of it away.
* a list entry that is as long as any line of prose would be, and yet is none
=== War ===
Soldiers kept their stores on the pier for six years. They left it in good order.

== See also ==
There are other towns of the same name in the country. They are told apart by their rivers.
"""


def export(path: Path, *pages: tuple[str, str]) -> Path:
    """Write an export of pages, each a title and a source."""
    body = "".join(
        f"<page><title>{title}</title><revision><text>{source.replace('<', '&lt;')}</text>"
        "</revision></page>"
        for title, source in pages
    )
    text = f'<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/">{body}</mediawiki>'
    path.write_bytes(bz2.compress(text.encode()) if path.suffix == ".bz2" else text.encode())
    return path


@pytest.mark.parametrize("name", ["export.xml", "export.xml.bz2"])
def test_an_article_in_its_sections(tmp_path: Path, name: str) -> None:
    path = export(tmp_path / name, ("Talk:Port", SOURCE), ("Port Vale", SOURCE))
    (found,) = wiki_prose(path, 5)
    assert found.id == "Port Vale"
    assert found.sections == (
        (Paragraph(("Port Vale is a small town on the coast.", "It has one pier.")),),
        (
            Paragraph(("History",), heading=True),
            Paragraph(
                (
                    "The pier was built by fishermen in the last century.",
                    "A storm took half of it away.",
                )
            ),
            Paragraph(("War",), heading=True),
            Paragraph(
                (
                    "Soldiers kept their stores on the pier for six years.",
                    "They left it in good order.",
                )
            ),
        ),
    )


def test_a_style_that_is_left_open_hides_no_heading(tmp_path: Path) -> None:
    opened = SOURCE.replace("It has one pier.", "It has one ''pier.")
    (found,) = wiki_prose(export(tmp_path / "export.xml", ("Port Vale", opened)), 5)
    assert [section[0].sentences[0] for section in found.sections] == [
        "Port Vale is a small town on the coast.",
        "History",
    ]


def test_what_is_no_article_in_sections_is_left_out(tmp_path: Path) -> None:
    short = "A town on the coast, of which there is little to say. It has one pier."
    path = export(tmp_path / "export.xml", ("Redirect", "#REDIRECT [[Port Vale]]"), ("Stub", short))
    assert list(wiki_prose(path, 5)) == []


def test_a_file_that_is_no_export_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="name a MediaWiki export"):
        list(wiki_prose(tmp_path / "none.xml", 5))
    for name in ("bad.xml", "bad.xml.bz2"):
        (tmp_path / name).write_text("<mediawiki><page>")
        with pytest.raises(CorruptArtifactError, match="no MediaWiki export"):
            list(wiki_prose(tmp_path / name, 5))
