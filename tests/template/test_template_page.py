"""The page: a private bucket behind CloudFront, with security headers, and the API on the same domain."""

from fnmatch import fnmatchcase

from tests.template.translated import CASES, Resource, Stack

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
DISTRIBUTION = {"StringEquals": {"AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/Distribution"}}


def distribution(stack: Stack) -> Resource:
    config: Resource = stack["Distribution"]["DistributionConfig"]
    return config


def directives(stack: Stack) -> dict[str, list[str]]:
    headers = stack["WebHeaders"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    policy = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    return {name: sources for name, *sources in (one.split() for one in policy.split(";"))}


def test_every_bucket_is_private_encrypted_and_versioned(stack: Stack) -> None:
    [bucket] = stack.of("AWS::S3::Bucket").values()

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert "BucketEncryption" in bucket
    assert "WebsiteConfiguration" not in bucket


def test_only_this_distribution_reads_the_bucket_and_nobody_by_plain_http(stack: Stack) -> None:
    [policy] = stack.of("AWS::S3::BucketPolicy").values()
    cloudfront = {"Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"}, "Condition": DISTRIBUTION}

    assert policy["PolicyDocument"]["Statement"] == [
        {**cloudfront, "Action": "s3:GetObject", "Resource": "WebBucket.Arn/*"},
        {**cloudfront, "Action": "s3:ListBucket", "Resource": "WebBucket.Arn"},
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": ["WebBucket.Arn", "WebBucket.Arn/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ]


def test_the_page_is_read_with_origin_access_control(stack: Stack) -> None:
    [page, api] = distribution(stack)["Origins"]
    config = stack["WebAccess"]["OriginAccessControlConfig"]

    assert (page["OriginAccessControlId"], page["S3OriginConfig"]) == ("WebAccess", {"OriginAccessIdentity": ""})
    assert (config["SigningBehavior"], config["SigningProtocol"]) == ("always", "sigv4")
    assert api["DomainName"] == "RealtimeApi.execute-api.us-west-2.amazonaws.com"
    assert api["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert api["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]


def test_the_api_is_never_cached(stack: Stack) -> None:
    behaviors = {
        one["PathPattern"]: (one["TargetOriginId"], one["CachePolicyId"], one.get("OriginRequestPolicyId"))
        for one in distribution(stack)["CacheBehaviors"]
    }

    assert behaviors == {
        "/realtime/*": ("page", CACHING_OPTIMIZED, None),
        **dict.fromkeys(
            ("/session", "/session/*", "/token", "/usage"), ("api", CACHING_DISABLED, ALL_VIEWER_EXCEPT_HOST)
        ),
    }
    assert distribution(stack)["DefaultCacheBehavior"]["TargetOriginId"] == "page"


def test_no_error_is_cached_at_the_edge(stack: Stack) -> None:
    """CloudFront caches these for ten seconds else, whatever `Cache-Control` says: one person's for everybody."""
    codes = (404, 414, 500, 501, 502, 503, 504)

    assert distribution(stack)["CustomErrorResponses"] == [
        {"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in codes
    ]


def test_nothing_is_served_by_plain_http(stack: Stack) -> None:
    config = distribution(stack)
    behaviors = [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]

    assert [one["ViewerProtocolPolicy"] for one in behaviors] == [*["redirect-to-https"] * 2, *["https-only"] * 4]


def test_certificate_and_name_are_cloudfronts_unless_a_domain_is_given(
    stack: Stack, parameters: dict[str, str]
) -> None:
    config = distribution(stack)
    name = parameters.get("DomainName")

    assert config.get("Aliases") == ([name] if name else None)
    assert config["ViewerCertificate"] == (
        {
            "AcmCertificateArn": parameters["CertificateArn"],
            "SslSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        }
        if name
        else {"CloudFrontDefaultCertificate": True}
    )


def test_security_headers_are_on_every_file(stack: Stack) -> None:
    headers = stack["WebHeaders"]["ResponseHeadersPolicyConfig"]
    custom = {one["Header"]: one["Value"] for one in headers["CustomHeadersConfig"]["Items"]}
    hsts = headers["SecurityHeadersConfig"]["StrictTransportSecurity"]

    assert distribution(stack)["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] == "WebHeaders"
    assert set(headers["SecurityHeadersConfig"]) == {
        "ContentSecurityPolicy",
        "StrictTransportSecurity",
        "ContentTypeOptions",
        "FrameOptions",
        "ReferrerPolicy",
    }
    assert hsts["AccessControlMaxAgeSec"] >= 31536000
    # `DomainName` may be an apex: what else has a name under it is not ours to speak for.
    assert hsts["IncludeSubdomains"] is False
    assert custom["Permissions-Policy"].startswith("microphone=(self), camera=()")
    assert custom["Cross-Origin-Opener-Policy"] == "same-origin"


def test_pages_of_every_origin_may_import_the_module_and_nothing_else(stack: Stack) -> None:
    behaviors = {one["PathPattern"]: one for one in distribution(stack)["CacheBehaviors"]}
    [headers] = [one for one in behaviors.values() if "ResponseHeadersPolicyId" in one]
    cors = stack["KitHeaders"]["ResponseHeadersPolicyConfig"]["CorsConfig"]
    security = stack["KitHeaders"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]

    assert (headers["PathPattern"], headers["ResponseHeadersPolicyId"]) == ("/realtime/*", "KitHeaders")
    assert (cors["AccessControlAllowOrigins"], cors["AccessControlAllowCredentials"]) == ({"Items": ["*"]}, False)
    assert "CorsConfig" not in stack["WebHeaders"]["ResponseHeadersPolicyConfig"]
    assert security["StrictTransportSecurity"]["IncludeSubdomains"] is False


def test_the_content_security_policy_allows_only_the_pages_files(stack: Stack) -> None:
    policy = directives(stack)
    sources = {source for one in policy.values() for source in one}

    assert [source for source in sources if "unsafe-" in source or "*" in source or source in ("http:", "data:")] == []
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == ["'none'"]


def test_the_page_may_connect_to_the_upstream_and_its_issuer_only() -> None:
    login = "https://rt-0a1b2c3d-0000-4000-8000-000000000000.auth.us-west-2.amazoncognito.com/"
    always = ["'self'", "https://api.openai.com/v1/"]

    assert {case: directives(Stack(CASES[case]))["connect-src"] for case in ("open", "own issuer", "first user")} == {
        "open": always,
        "own issuer": [*always, "https://issuer.example"],
        "first user": [*always, "https://cognito-idp.us-west-2.amazonaws.com/", login],
    }


def test_another_provider_may_have_more_origins_and_another_scope() -> None:
    parameters = {"Scope": "openid api://voice", "SignInOrigins": "https://tokens.example https://keys.example"}
    stack = Stack(CASES["own issuer"] | parameters)

    assert directives(stack)["connect-src"][2:] == [
        "https://issuer.example",
        "https://tokens.example",
        "https://keys.example",
    ]
    assert stack["Page"]["Config"]["scope"] == "openid api://voice"
    assert "scope" not in Stack(CASES["own issuer"])["Page"]["Config"]


def test_an_opened_page_says_nothing_of_an_issuer_that_is_still_a_parameter() -> None:
    opened = Stack(CASES["own issuer"] | {"Access": "open", "ClientId": "page", "Scope": "openid voice"})

    assert opened["Page"]["Config"] == Stack(CASES["open"])["Page"]["Config"]
    assert directives(opened) == directives(Stack(CASES["open"]))


def test_the_pages_configuration_has_the_issuer_of_the_authorizer(stack: Stack) -> None:
    config = stack["Page"]["Config"]
    tokens = stack.of("AWS::ApiGatewayV2::Authorizer").get("SignedInAuthorizer", {}).get("JwtConfiguration")

    assert config["access"] == ("signed-in" if tokens else "open")
    assert (config["issuer"], [config["audience"]]) == (
        (tokens["Issuer"], tokens["Audience"]) if tokens else ("", [""])
    )


def test_every_route_is_reached_through_cloudfront(stack: Stack) -> None:
    patterns = [one["PathPattern"] for one in distribution(stack)["CacheBehaviors"] if one["TargetOriginId"] == "api"]
    paths = [one["RouteKey"].split()[1] for one in stack.of("AWS::ApiGatewayV2::Route").values()]

    assert [path for path in paths if not any(fnmatchcase(path, pattern) for pattern in patterns)] == []
