"""TLS contexts for clusters: client certificates as PEM or PFX, shown also when a server asks late."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import attrs

from imageapis.core.auth import NoAuth
from imageapis.core.login import ca_context
from imageapis.errors import LoginError

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

    from imageapis.core.secrets import Secret


class CertificateAuth(NoAuth):
    """TLS says who asks. The gateway asks for the certificate late, so large bodies want a warm connection."""

    primes = True

    def __repr__(self) -> str:
        return "<CertificateAuth>"

    def __str__(self) -> str:
        return "with a client certificate"


@attrs.frozen
class ClientCertificate:
    """Makes the TLS context of a login by certificate.

    Attributes:
        certificate: A PEM file of certificates (and key), or a PFX file (`.pfx`, `.p12`).
        key: A PEM file of the key, if it is not in the other.
        password: Of the key or the PFX file.
        ca: A PEM file of the authorities that the cluster's own certificate is checked with.
        check: Whether it is checked at all.
    """

    certificate: str
    key: str | None
    password: Secret | None
    ca: str | None
    check: bool = True

    def __call__(self) -> ssl.SSLContext:
        """Return the context.

        Raises:
            LoginError: A file cannot be read, or the password is not its own.
        """
        context = cluster_context(self.ca, check=self.check)
        # TLS 1.3 lets a server ask after the request; Python declines unless told.
        context.post_handshake_auth = True
        if self.certificate.lower().endswith((".pfx", ".p12")):
            self._load_pfx(context)
        else:
            self._load_pem(context, self.certificate, self.key, self._revealed())
        return context

    def _revealed(self) -> str:
        return "" if self.password is None else self.password.reveal()

    def _load_pem(self, context: ssl.SSLContext, certificate: str, key: str | None, password: str) -> None:
        try:
            # Without any password OpenSSL would ask on the terminal.
            context.load_cert_chain(certificate, key, password)
            return
        except (OSError, ValueError) as failure:  # ssl.SSLError is an OSError
            reason = getattr(failure, "reason", None) or getattr(failure, "strerror", None) or type(failure).__name__
        raise LoginError(
            f"The client certificate {self.certificate} cannot be used ({reason}). Give a PEM or PFX file with its "
            "key, or the key's file, and the right password."
        )

    def _load_pfx(self, context: ssl.SSLContext) -> None:
        import tempfile
        from pathlib import Path

        content = _pem_of_pfx(Path(self.certificate), self._revealed())
        # OpenSSL reads keys from files only. This one is ours alone, for a moment.
        with tempfile.TemporaryDirectory(prefix="imageapis-") as folder:
            file = Path(folder) / "certificate.pem"
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                opened.write(content)
            self._load_pem(context, str(file), None, "")


def cluster_context(ca: str | None, *, check: bool = True) -> ssl.SSLContext:
    """Return a TLS context for a cluster.

    Raises:
        LoginError: The file of authorities cannot be used.
    """
    context = ca_context(ca)
    if not check:
        import ssl

        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _pem_of_pfx(path: Path, password: str) -> bytes:
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
    except ImportError:
        raise LoginError(
            "A PFX file needs the package cryptography: install imageapis[pfx], or convert the file to PEM."
        ) from None
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or type(failure).__name__
        raise LoginError(f"The client certificate {path} cannot be read ({reason}).") from failure
    loaded = None
    # What it says of a failure is of the file's inside.
    with suppress(ValueError, TypeError, UnsupportedAlgorithm):
        loaded = pkcs12.load_key_and_certificates(content, password.encode() or None)
    if loaded is None:
        raise LoginError(f"{path} is no PFX file, or the password is not its own.")
    key, certificate, more = loaded
    if key is None or certificate is None:
        raise LoginError(f"{path} holds no certificate with its key; export it with the private key.")
    parts = [certificate.public_bytes(Encoding.PEM), *(other.public_bytes(Encoding.PEM) for other in more)]
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + b"".join(parts)
