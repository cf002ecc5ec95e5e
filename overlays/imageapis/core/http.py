"""The HTTP library's types that services name. They import them from here: what we send through is core's choice."""

from __future__ import annotations

import httpx

Request = httpx.Request
Response = httpx.Response
Timeout = httpx.Timeout
