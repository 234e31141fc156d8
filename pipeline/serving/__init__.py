"""The encoder at work, exported to ONNX: onnxruntime, tokenizers and numpy, and no torch."""
