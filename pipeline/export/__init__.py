"""From the encoder as it was trained to the one that serves: ONNX, a tokenizer, tables."""
