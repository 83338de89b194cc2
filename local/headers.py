"""The headers that CloudFront adds to the page's files: the template's ResponseHeadersPolicy as HTTP headers.

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

Headers = Mapping[str, Mapping[str, str]]
"""Response headers by path pattern."""

SECURITY_HEADERS: dict[str, tuple[str, str]] = {
    "ContentSecurityPolicy": ("content-security-policy", "ContentSecurityPolicy"),
    "FrameOptions": ("x-frame-options", "FrameOption"),
    "ReferrerPolicy": ("referrer-policy", "ReferrerPolicy"),
}
"""The header's name and the member that has its value, by member of SecurityHeadersConfig."""


def page_headers(policy: Mapping[str, Any]) -> dict[str, str]:
    """Turn a policy into headers.

    Args:
        policy: the `ResponseHeadersPolicyConfig`, with intrinsic functions resolved.

    Returns:
        The headers.
    """
    security = policy.get("SecurityHeadersConfig", {})
    headers = {header: security[name][value] for name, (header, value) in SECURITY_HEADERS.items() if name in security}
    if "ContentTypeOptions" in security:
        headers["x-content-type-options"] = "nosniff"
    if "StrictTransportSecurity" in security:
        headers["strict-transport-security"] = _strict_transport_security(security["StrictTransportSecurity"])
    # A list of origins is not implemented: CloudFront answers each request with the origin that matches.
    if policy.get("CorsConfig", {}).get("AccessControlAllowOrigins") == {"Items": ["*"]}:
        headers["access-control-allow-origin"] = "*"
    custom = policy.get("CustomHeadersConfig", {}).get("Items", [])
    return headers | {item["Header"].lower(): item["Value"] for item in custom}


def _strict_transport_security(policy: Mapping[str, Any]) -> str:
    subdomains = "; includeSubDomains" if policy.get("IncludeSubdomains") else ""
    preload = "; preload" if policy.get("Preload") else ""
    return f"max-age={policy['AccessControlMaxAgeSec']}{subdomains}{preload}"


def headers_for(headers: Headers, path: str) -> dict[str, str]:
    """Find the response headers for a path.

    Args:
        headers: those of all patterns.
        path: the request's path.

    Returns:
        Those of the first pattern that matches, and `cache-control`.
    """
    found = next((values for pattern, values in headers.items() if fnmatchcase(path, pattern)), {})
    # With no-cache the browser asks each time whether a file has changed, since a contributor edits them.
    return {"cache-control": "no-cache", **found}
