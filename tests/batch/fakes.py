"""What batches load instead of models; workers import it."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from pipeline.labeller import Label
from tests.cli.fake_classifier import FakeClassifier


def open_fake(models: Path) -> Any:
    """Stand in for what opens models."""
    return FakeClassifier()


def load_fake() -> Label:
    return FakeClassifier().document


def load_mortal(marker: str) -> Label:
    """Label as the fake does, but die once, by SIGKILL, at the text that says so."""
    classifier = FakeClassifier()

    def label(text: str, source: str) -> Any:
        if "KILL" in text and not Path(marker).exists():
            Path(marker).write_text(str(os.getpid()), encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)
        return classifier.document(text, source)

    return label
