"""Engines that translate, behind one protection, cache and patience. `building.translator_of` puts them together."""
