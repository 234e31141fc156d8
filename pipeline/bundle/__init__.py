"""The manifest that makes trained models a bundle."""
