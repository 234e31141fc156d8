from __future__ import annotations

from pathlib import Path

import pytest
import torch

from pipeline.errors import CorruptArtifactError
from pipeline.reader.network import PageNetwork
from pipeline.reader.weights import load_network, save_network
from pipeline.store.differences import STEPS
from tests.reader.small import small_network


def learned() -> PageNetwork:
    """Build the small network with weights moved as training moves them."""
    network = small_network()
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if not name.startswith("encoder.embeddings."):
                parameter += 0.02 * torch.randn(parameter.shape, generator=generator)
    return network


def test_what_is_loaded_is_what_was_saved_within_half_a_step(tmp_path: Path) -> None:
    network = learned()
    save_network(tmp_path / "w.safetensors", network, small_network())
    loaded = load_network(tmp_path / "w.safetensors", small_network())
    before = small_network().state_dict()
    for name, value in loaded.state_dict().items():
        change = (network.state_dict()[name] - before[name]).abs().max().item()
        error = (value - network.state_dict()[name]).abs().max().item()
        assert error <= max(0.51 * change / STEPS, 1e-3 * network.state_dict()[name].abs().max()), (
            name
        )


def test_the_embeddings_are_not_in_the_file(tmp_path: Path) -> None:
    save_network(tmp_path / "w.safetensors", learned(), small_network())
    words = small_network().encoder.embeddings.word_embeddings.weight.numel()
    assert (tmp_path / "w.safetensors").stat().st_size < words


def test_equal_networks_are_equal_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        save_network(tmp_path / name, learned(), small_network())
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_network_with_further_heads_grows_from_a_file(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    path = tmp_path / "w.safetensors"
    save_network(path, learned(), small_network())
    tensors = load_file(path)
    save_file({k: v for k, v in tensors.items() if not k.startswith("begins.")}, path)
    fresh = small_network().state_dict()
    grown = load_network(path, small_network(), grown=True).state_dict()
    assert torch.equal(grown["begins.0.weight"], fresh["begins.0.weight"])
    assert not torch.equal(grown["roles.0.weight"], fresh["roles.0.weight"])
    with pytest.raises(CorruptArtifactError, match="does not fit"):
        load_network(path, small_network())


def test_a_file_of_another_network_is_refused(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    save_network(tmp_path / "w.safetensors", learned(), small_network())
    tensors = load_file(tmp_path / "w.safetensors")
    del tensors["alike"]
    save_file(tensors, tmp_path / "w.safetensors")
    with pytest.raises(CorruptArtifactError, match="does not fit"):
        load_network(tmp_path / "w.safetensors", small_network())
