"""Sections: where the subject turns within running prose that is one text and no page of news."""

from typing import Literal

Level = Literal["story", "section"]  # what a text is cut into
