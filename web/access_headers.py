"""What every answer tells a browser not to do."""

from starlette.datastructures import MutableHeaders

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""No script or style but our own files, nothing from elsewhere, in nobody's frame (CSP Level 3).
"""
_SAME_FOR_ALL = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "X-Robots-Tag": "noindex, nofollow",
}
YEAR_S = 366 * 86400


def set_headers(headers: MutableHeaders, *, private: bool, https: bool) -> None:
    """Add what every answer needs; a policy that an answer has of its own stays.

    A stored page is sandboxed by its own policy and stands in a frame of ours, so what is for
    our own pages alone is not said of it. Referrers stay within our pages: with none at all a
    browser would hide the origin of our own forms. `private` answers are kept by nobody; `https`
    is said to be the only way in.
    """
    own = "content-security-policy" in headers
    for name, value in _SAME_FOR_ALL.items():
        headers.setdefault(name, value)
    headers.setdefault("Referrer-Policy", "no-referrer" if own else "same-origin")
    if not own:
        headers["Content-Security-Policy"] = POLICY
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if private:
        headers["Cache-Control"] = "no-store"
    if https:
        headers["Strict-Transport-Security"] = f"max-age={YEAR_S}"
