"""Tests of Lotse."""

import gc

# A worker keeps a million objects. Looking through all of them takes a third of a second.
gc.set_threshold(10_000, 10, 10)
