"""Tests of the LUSID client, against a local LUSID scheduler and a real registry."""
