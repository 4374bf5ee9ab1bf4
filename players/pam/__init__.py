"""One folder per way of speaking to us: payload in, checked event out."""
