"""Feature packs: what the heads need of labelled stories whose text may not be handed on."""
