from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import torch

from pipeline.adapt import __main__ as module
from pipeline.adapt.__main__ import averaged, network_at, start_network
from pipeline.errors import CorruptArtifactError, MissingArtifactError
from pipeline.reader.weights import save_network
from pipeline.store import layout
from tests.reader.small import small_network


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with weights in its history, and the small network in place of the real."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "fresh_network", small_network)
    layout.READER.parent.mkdir(parents=True)
    save_network(layout.READER, small_network(seed=1), small_network())
    author = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    for command in (("init", "-q"), ("add", "."), (*author, "commit", "-q", "-m", "Weights")):
        subprocess.run(["git", *command], check=True)
    layout.READER.unlink()
    return tmp_path


@pytest.mark.usefixtures("repository")
def test_training_goes_on_from_the_weights_of_a_revision() -> None:
    begun = start_network("HEAD")
    assert begun.training
    found, fresh, taught = (
        network.state_dict()["boundary.0.weight"]
        for network in (begun, small_network(), small_network(seed=1))
    )
    torch.testing.assert_close(found, taught, atol=1e-3, rtol=0.0)
    assert not torch.allclose(found, fresh, atol=1e-3)


@pytest.mark.usefixtures("repository")
def test_training_begins_anew_without_one() -> None:
    found, fresh = start_network("").state_dict(), small_network().state_dict()
    assert all(torch.equal(found[name], fresh[name]) for name in fresh)


@pytest.mark.usefixtures("repository")
def test_a_revision_that_is_not_there_is_named() -> None:
    with pytest.raises(MissingArtifactError, match="of revision 0123abc is not here"):
        start_network("0123abc")


@pytest.mark.usefixtures("repository")
def test_weights_that_lack_a_head_may_be_taught_further_but_not_averaged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Grown(type(small_network())):  # type: ignore[misc]
        def __init__(self, encoder: object) -> None:
            super().__init__(encoder)
            self.further = torch.nn.Linear(self.width, 1)

    monkeypatch.setattr(module, "fresh_network", lambda: Grown(small_network().encoder))
    assert start_network("HEAD").training
    with pytest.raises(CorruptArtifactError, match="does not fit"):
        network_at("HEAD")


def test_weights_become_the_mean_and_what_all_share_stays_to_the_bit() -> None:
    one, two, three = (small_network(seed=seed) for seed in range(3))
    before, others = one.state_dict(), (two.state_dict(), three.state_dict())
    expected = {k: (v + others[0][k] + others[1][k]) / 3 for k, v in before.items()}
    same = {k: v.clone() for k, v in before.items() if torch.equal(v, others[0][k])}
    assert same and len(same) < len(before)
    averaged(one, [two, three])
    for name, value in one.state_dict().items():
        if name in same:
            assert torch.equal(value, same[name])
        else:
            torch.testing.assert_close(value, expected[name])


def test_without_others_weights_stay() -> None:
    network = small_network(seed=1)
    averaged(network, [])
    fresh = small_network(seed=1).state_dict()
    assert all(torch.equal(value, fresh[name]) for name, value in network.state_dict().items())
