"""An authority of one's own and certificates made on the spot, so that phones in the local network can use https.

The authority is made once and kept, readable by its owner only; whoever has installed it on a phone is not warned any
more. It can vouch for nothing but this machine's name and addresses of home networks: its certificate says so (name
constraints, RFC 5280 4.2.1.10), so that its key is of no use against any other site.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from formcheck.machine.atomic import output_error

#: Addresses that no site on the internet has (RFC 1918, RFC 4193, link-local, this machine).
_HOME_NETWORKS = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"),
    *("fc00::/7", "fe80::/10", "::1/128"),
)
#: Names that no site on the internet has: this machine, and those of multicast DNS.
_HOME_NAMES = ("localhost", "local")
_AUTHORITY_STANDS, _CERTIFICATE_STANDS = timedelta(days=1825), timedelta(days=365)
#: An authority that ends within this time is made anew.
_RENEWED_BEFORE = timedelta(days=60)
_KEY, _CERTIFICATE = "authority-key.pem", "authority.pem"


@dataclass(frozen=True, slots=True)
class Authority:
    """Who vouches for this machine's certificates."""

    certificate: x509.Certificate
    _key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        """The certificate as phones install it."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def certify(self, names: Sequence[str], folder: Path) -> tuple[Path, Path]:
        """Make a certificate for these names and addresses; the files of it and of its key, in ``folder``."""
        key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
        made = (
            _begun("formcheck on this machine", self.certificate.subject, key, now, now + _CERTIFICATE_STANDS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
        certificate_file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        _write_secret(key_file, key)
        return certificate_file, key_file


def fingerprint(certificate_file: Path) -> str:
    """The SHA-256 of a certificate as browsers show it."""
    found = x509.load_pem_x509_certificate(certificate_file.read_bytes())
    return found.fingerprint(hashes.SHA256()).hex(":").upper()


def own_authority(folder: Path) -> Authority:
    """The authority that is kept in ``folder``; made where there is none, or none that will stand for long.

    Raises:
        OutputError: The folder cannot be written to.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _kept(folder) or _made(folder)
    except OSError as error:
        raise output_error(folder, error) from error


def _kept(folder: Path) -> Authority | None:
    try:
        certificate = x509.load_pem_x509_certificate((folder / _CERTIFICATE).read_bytes())
        key = serialization.load_pem_private_key((folder / _KEY).read_bytes(), password=None)
    except (FileNotFoundError, ValueError):  # none, or damaged
        return None
    stands = certificate.not_valid_after_utc - datetime.now(UTC) > _RENEWED_BEFORE
    fits = isinstance(key, ec.EllipticCurvePrivateKey) and key.public_key() == certificate.public_key()
    return Authority(certificate, key) if stands and fits and isinstance(key, ec.EllipticCurvePrivateKey) else None


def _made(folder: Path) -> Authority:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "formcheck's own authority")])
    networks = [x509.IPAddress(ipaddress.ip_network(network)) for network in _HOME_NETWORKS]
    permitted = [*networks, *map(x509.DNSName, _HOME_NAMES)]
    certificate = (
        _begun("formcheck's own authority", name, key, now, now + _AUTHORITY_STANDS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_SIGNS_CERTIFICATES, critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_secret(folder / _KEY, key)
    (folder / _CERTIFICATE).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(certificate, key)


_SIGNS_CERTIFICATES = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _begun(
    name: str, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))  # a phone's clock may be behind
        .not_valid_after(until)
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write_secret(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """Write a key that nobody else may read, not for a moment."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
