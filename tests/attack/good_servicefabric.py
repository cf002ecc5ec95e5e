"""A gateway that behaves well: files by path with sizes, and upload sessions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from tests.attack.wire import Reply, answer, bare

if TYPE_CHECKING:
    import random

    from tests.attack.wire import Request


class ServiceFabric:
    """A gateway: files by path with sizes, and upload sessions."""

    def __init__(self, origin: str) -> None:
        self.files: dict[str, int] = {"Apps/one.bin": 3, "Apps/_.dir": 0}
        self.sessions: dict[str, dict[str, Any]] = {}
        self.version = 1

    def reply(self, request: Request) -> Reply:
        query = {name: values[-1] for name, values in parse_qs(request.query, keep_blank_values=True).items()}
        path = unquote(request.path).removeprefix("/ImageStore").strip("/")
        place, _, verb = path.rpartition("$/")
        place = place.strip("/")
        if request.path.startswith("/$/GetAadMetadata"):
            metadata = {
                "tenant": "t",
                "cluster": "6f1d2c3b-1111-4222-8333-444455556666",
                "client": "d",
                "login": "https://login.example",
                "authority": "a",
            }
            return answer({"type": "aad", "metadata": metadata})
        if verb == path and not path.startswith("$/"):
            return self._content(request, path)
        return self._verb(request, place, verb, query)

    def _content(self, request: Request, path: str) -> Reply:
        if request.method == "PUT":
            self._store(path, len(request.body))
            return bare()
        if request.method == "DELETE":
            for name in [name for name in self.files if name == path or name.startswith(path + "/")]:
                del self.files[name]
            return bare()
        prefix = path + "/" if path else ""
        below = [name for name in self.files if name.startswith(prefix) or name == path]
        if not below and path:
            return answer({"Error": {"Code": "FABRIC_E_FILE_NOT_FOUND", "Message": "no such file"}}, 404)
        files = [self._file(name) for name in below if name == path or "/" not in name[len(prefix) :]]
        folders = sorted({prefix + name[len(prefix) :].split("/")[0] for name in below if "/" in name[len(prefix) :]})
        return answer(
            {
                "StoreFiles": files,
                "StoreFolders": [{"StoreRelativePath": name, "FileCount": "1"} for name in folders],
                "ContinuationToken": "",
            }
        )

    def _file(self, name: str) -> dict[str, Any]:
        return {
            "StoreRelativePath": name,
            "FileSize": str(self.files[name]),
            "ModifiedDate": "2026-01-01T00:00:00.000Z",
            "FileVersion": {
                "VersionNumber": str(self.version),
                "EpochDataLossNumber": "1",
                "EpochConfigurationNumber": "2",
            },
        }

    def _store(self, path: str, size: int) -> None:
        self.version += 1
        self.files[path] = size

    def _verb(self, request: Request, place: str, verb: str, query: dict[str, str]) -> Reply:
        session = query.get("session-id", "").lower()
        if verb == "FolderSize":
            return answer({"StoreRelativePath": place, "FolderSize": "12"})
        if verb == "Info":
            usage = {"UsedSpace": "1", "FileCount": "2"}
            return answer({"DiskInfo": {"Capacity": "10", "AvailableSpace": "5"}, "UsedByMetadata": usage})
        if verb == "UploadChunk":
            first, last, total = map(int, re.findall(r"\d+", request.headers.get("content-range", "0-0/1"))[:3])
            held = self.sessions.setdefault(session, {"path": place, "size": total, "have": set()})
            held["have"] |= set(range(first, last + 1))
            return bare()
        if verb == "GetUploadSession":
            found = {i: s for i, s in self.sessions.items() if i == session or (place and s["path"] == place)}
            return answer({"UploadSessions": [self._session(*it) for it in found.items()]}) if found else bare(204)
        if verb == "CommitUploadSession":
            done = self.sessions.pop(session, None)
            if done is not None:
                self._store(done["path"], done["size"])
            return bare()
        if verb == "DeleteUploadSession":
            self.sessions.pop(session, None)
            return bare()
        if verb == "Copy":
            return bare()
        return answer({"Error": {"Code": "E_INVALIDARG", "Message": "no such call"}}, 400)

    def _session(self, name: str, held: dict[str, Any]) -> dict[str, Any]:
        missing, run = [], None
        for byte in [*(b for b in range(held["size"]) if b not in held["have"]), None]:
            if run is not None and (byte is None or byte != run[1] + 1):
                missing.append({"StartPosition": str(run[0]), "EndPosition": str(run[1])})
                run = None
            if byte is not None:
                run = [run[0] if run else byte, byte]
        return {
            "StoreRelativePath": held["path"],
            "SessionId": name,
            "ModifiedDate": "2026-01-01T00:00:00.000Z",
            "FileSize": str(held["size"]),
            "ExpectedRanges": missing,
        }

    def refusal(self, rng: random.Random, said: str) -> Any:
        return {"Error": {"Code": rng.choice(["FABRIC_E_TIMEOUT", "E_INVALIDARG", "E_ABORT"]), "Message": said}}
