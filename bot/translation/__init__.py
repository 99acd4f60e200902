"""Translation engines behind one layer of protection, cache and retries. `building.translator_of` joins them."""
