"""The secrets that are planted in logins and replies, and must show up nowhere."""

from __future__ import annotations

#: Texts that must show up in no surface of the library; each is unlike anything else.
SECRETS = {
    "password": "Zq7-hidden-password-Zq7",
    "client_secret": "Zq7-hidden-client-secret-Zq7",
    "token": "Zq7-hidden-access-token-Zq7",
    "refresh": "Zq7-hidden-refresh-token-Zq7",
    "registry": "Zq7-hidden-registry-password-Zq7",
}
MARK = "Zq7-hidden"
#: What lies beside what is to be uploaded, and must not be sent.
OUTSIDE = b"Zq7-outside-of-the-folder-Zq7 " * 8
