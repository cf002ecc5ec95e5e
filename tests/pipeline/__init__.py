"""Tests of scripts/: small documents in scratch projects, and the three real ones where it matters."""
