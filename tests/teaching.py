"""Parameters of the frozen stages for networks that are taught in seconds."""

from __future__ import annotations

from pipeline.params import AdaptParams, FinetuneParams

ADAPT = AdaptParams(
    shared="",
    start="",
    mean_with=(),
    deck=40,
    pages=20,
    workers=0,
    steps=250,
    learning_rate=2e-3,
    tokens=1024,
    threads=1,
    seed=0,
)
FINETUNE = FinetuneParams(
    shared="",
    held_out=6,
    frozen_layers=1,
    teachers=3,
    teacher_steps=5,
    trust=1.0,
    steps=9,
    learning_rate=2e-3,
    tokens=512,
    threads=1,
    seed=0,
)
