"""A mail server on loopback with a certificate of its own, which misbehaves when told to."""

import datetime as dt
import email
import email.policy
import ipaddress
import ssl
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "watch", "a secret word"


def certificate(folder, host="localhost"):
    """A self-made certificate for loopback and its key, as one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


class Mailbox:
    """Takes mail; `rcpt` and `data` say what it answers, by address and in turn."""

    def __init__(self, rcpt=None, data=()):
        self.rcpt = rcpt or {}
        self.data = list(data)
        self.taken = []
        self.encrypted = []
        self.users = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        script = self.rcpt.get(address, [])
        answer = script.pop(0) if script else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        how = self.data.pop(0) if self.data else "250 OK"
        if how in ("250 OK", "cut"):
            mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.taken.append((list(envelope.rcpt_tos), mail))
            self.encrypted.append(session.ssl is not None)
        if how == "cut":
            server.transport.abort()
        return how if how != "cut" else "250 never heard"

    def check(self, server, session, envelope, mechanism, data):
        self.users.append(data.login.decode())
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)


class _OnLoopback(Controller):
    """A server on a port of the system's choosing."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(mailbox, pem=None, *, login=False, implicit=False):
    """Runs a server for a mailbox and gives its port.

    With `pem` it offers STARTTLS and wants it, or speaks TLS from the first byte (`implicit`).
    """
    context = None
    if pem is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
    controller = _OnLoopback(
        mailbox,
        hostname="127.0.0.1",
        port=0,
        ssl_context=context if implicit else None,
        tls_context=None if implicit else context,
        require_starttls=context is not None and not implicit,
        authenticator=mailbox.check if login else None,
        auth_required=login,
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
