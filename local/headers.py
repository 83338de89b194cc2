"""What CloudFront puts on every file of the page: the template's ResponseHeadersPolicy, as HTTP headers.

Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
"""

from collections.abc import Mapping
from typing import Any

NAMED: dict[str, tuple[str, str]] = {
    "ContentSecurityPolicy": ("content-security-policy", "ContentSecurityPolicy"),
    "FrameOptions": ("x-frame-options", "FrameOption"),
    "ReferrerPolicy": ("referrer-policy", "ReferrerPolicy"),
}
"""Of the policy's members that have the header's value in them: the header, and where the value is."""


def page_headers(policy: Mapping[str, Any]) -> dict[str, str]:
    """Write a policy as headers.

    Args:
        policy: the `ResponseHeadersPolicyConfig`, resolved.

    Returns:
        The headers.
    """
    security = policy.get("SecurityHeadersConfig", {})
    headers = {header: security[name][value] for name, (header, value) in NAMED.items() if name in security}
    if "ContentTypeOptions" in security:
        headers["x-content-type-options"] = "nosniff"
    if "StrictTransportSecurity" in security:
        headers["strict-transport-security"] = _transport(security["StrictTransportSecurity"])
    # Only for every origin: for a list of them CloudFront answers each with its own.
    if policy.get("CorsConfig", {}).get("AccessControlAllowOrigins") == {"Items": ["*"]}:
        headers["access-control-allow-origin"] = "*"
    own = policy.get("CustomHeadersConfig", {}).get("Items", [])
    return headers | {item["Header"].lower(): item["Value"] for item in own}


def _transport(policy: Mapping[str, Any]) -> str:
    subdomains = "; includeSubDomains" if policy.get("IncludeSubdomains") else ""
    preload = "; preload" if policy.get("Preload") else ""
    return f"max-age={policy['AccessControlMaxAgeSec']}{subdomains}{preload}"
