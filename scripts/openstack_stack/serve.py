"""Serve one WSGI module; run by the stack's own interpreter: `serve.py MODULE PORT`."""

import importlib
import sys

module, port = sys.argv[1:]
# Nova's module hands what is left here to its option parser.
sys.argv = [module]

waitress = importlib.import_module("waitress")
waitress.serve(importlib.import_module(module).application, host="127.0.0.1", port=int(port), threads=8, ident=None)
