"""The encoder taught what stories are about: real stories with the labels that they came with."""
