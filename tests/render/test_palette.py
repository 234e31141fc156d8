"""The colours of the report: legible, and told apart with every deficiency of colour vision.

Contrast is that of WCAG 2.2; colour vision deficiencies are simulated with the matrices of Machado,
Oliveira and Fernandes (2009) at full severity, differences are CIE 1976 ΔE*ab (2.3 is just
noticeable).
"""

from __future__ import annotations

import re

import numpy as np
import pytest

from pipeline.html.sheet import SHARED
from pipeline.render.report import HUES

CSS = (SHARED / "base.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--(\w+): ([^;]+);", block))
    for block in re.findall(r":root \{(.*?)\}", CSS, re.S)
)
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
VISION = {
    "trichromacy": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])


def srgb(colour: str, ground: str = "#000000") -> np.ndarray:
    """Read ``#rrggbb``, or ``rgb(r g b / a%)`` as it looks on ``ground``."""
    if colour.startswith("#"):
        return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    *rgb, alpha = map(float, re.findall(r"\d+", colour))
    return np.array(rgb) / 255 * alpha / 100 + srgb(ground) * (1 - alpha / 100)


def linear(rgb: np.ndarray) -> np.ndarray:
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    low, high = sorted(float(XYZ[1] @ linear(rgb)) for rgb in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray, vision: np.ndarray) -> np.ndarray:
    xyz = XYZ @ np.clip(vision @ linear(rgb), 0, 1) / WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_the_measures_give_published_values() -> None:
    black, white = srgb("#000000"), srgb("#ffffff")
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(srgb("#777777"), white) == pytest.approx(4.48, abs=0.01)
    assert lab(srgb("#ff0000"), np.eye(3)) == pytest.approx([53.24, 80.09, 67.20], abs=0.1)


@THEMES
def test_all_that_is_read_has_contrast(theme: dict[str, str]) -> None:
    grounds = [theme[name] for name in ("paper", "grey", *(f"t{i + 1}" for i in range(HUES)))]
    for ground in grounds:
        marked = srgb(theme["marked"], ground)
        for ink, least in (("ink", 10), ("muted", 4.5), ("link", 4.5)):
            assert contrast(srgb(theme[ink]), srgb(ground)) >= least
        assert contrast(srgb(theme["ink"]), marked) >= 7
        assert contrast(srgb(theme["mark"]), srgb(ground)) >= 3
    for i in range(1, HUES + 1):
        for ground in (theme["paper"], theme[f"t{i}"]):
            assert contrast(srgb(theme[f"h{i}"]), srgb(ground)) >= 4.5


@THEMES
@pytest.mark.parametrize("vision", VISION)
def test_neighbours_are_told_apart(theme: dict[str, str], vision: str) -> None:
    hues = [lab(srgb(theme[f"h{i + 1}"]), VISION[vision]) for i in range(HUES)]
    for i, hue in enumerate(hues):
        assert np.linalg.norm(hue - hues[(i + 1) % HUES]) >= 15


def test_both_themes_name_the_same_colours() -> None:
    assert DARK.keys() == LIGHT.keys() - {"serif", "sans"}
    assert {f"h{i + 1}" for i in range(HUES)} == {name for name in LIGHT if re.match(r"h\d", name)}
