"""The registered models: their versions, the bundle inside each, and which is the champion."""
