//! Servers in front of the proxy that answer in its place: which one it is, and what it says.

/// Who says so in a header: its name, what stands in it, and who that is. An empty text stands in every value.
const HEADERS: &[(&str, &str, &str)] = &[
    ("cf-ray", "", "Cloudflare"),
    ("server", "cloudflare", "Cloudflare"),
    ("x-amz-cf-id", "", "CloudFront"),
    ("server", "cloudfront", "CloudFront"),
    ("x-amz-apigw-id", "", "AWS API Gateway"),
    ("apigw-requestid", "", "AWS API Gateway"),
    ("x-amzn-errortype", "", "AWS API Gateway"),
    ("server", "awselb", "AWS load balancer"),
    ("x-azure-ref", "", "Azure Front Door"),
    ("server", "application-gateway", "Azure Application Gateway"),
    ("x-vercel-error", "", "Vercel"),
    ("x-akamai-request-id", "", "Akamai"),
    ("server", "akamai", "Akamai"),
    ("server", "envoy", "Envoy"),
    ("server", "openresty", "OpenResty"),
    ("server", "nginx", "nginx"),
    ("server", "kong", "Kong"),
    ("server", "caddy", "Caddy"),
    ("server", "traefik", "Traefik"),
    ("server", "haproxy", "HAProxy"),
    ("server", "varnish", "Varnish"),
    ("server", "squid", "Squid"),
    ("server", "big-ip", "BIG-IP"),
    ("server", "fly/", "Fly.io"),
    ("server", "heroku", "Heroku"),
    ("server", "litespeed", "LiteSpeed"),
    ("server", "apache", "Apache"),
    ("server", "microsoft-iis", "IIS"),
    ("server", "google", "Google's load balancer"),
    ("via", "google", "Google's load balancer"),
];

/// Who says so in a page or a text, in lower case.
const TEXTS: &[(&str, &str)] = &[
    ("cloudfront", "CloudFront"),
    ("cloudflare", "Cloudflare"),
    ("cf-error", "Cloudflare"),
    ("upstream connect error", "Envoy"),
    ("no healthy upstream", "Envoy"),
    ("upstream request timeout", "Envoy"),
    ("application-gateway", "Azure Application Gateway"),
    ("azurefd", "Azure Front Door"),
    ("our services aren't available right now", "Azure Front Door"),
    ("openresty", "OpenResty"),
    ("nginx", "nginx"),
    ("no server is available to handle this request", "HAProxy"),
    ("haproxy", "HAProxy"),
    ("varnish", "Varnish"),
    ("guru meditation", "Varnish"),
    ("errors.edgesuite.net", "Akamai"),
    ("(squid", "Squid"),
    ("herokucdn", "Heroku"),
    ("err_ngrok", "ngrok"),
    ("zscaler", "Zscaler"),
    ("incapsula", "Imperva"),
    ("litespeed", "LiteSpeed"),
    ("traefik", "Traefik"),
    ("apache", "Apache"),
    ("the upstream server is timing out", "Kong"),
    ("an invalid response was received from the upstream server", "Kong"),
    ("endpoint request timed out", "AWS API Gateway"),
];

/// What it is called where it does not say who it is.
pub(super) const UNNAMED: &str = "a gateway";

/// Which server in front of the proxy gives an answer that is none of LiteLLM's. None where none is known to stand there.
pub(super) fn of<'h>(
    status: Option<u16>,
    header: &dyn Fn(&str) -> Option<&'h str>,
    body: &str,
) -> Option<&'static str> {
    // Cloudflare has these to itself.
    if matches!(status, Some(520..=527 | 530)) {
        return Some("Cloudflare");
    }
    let told = |(name, part, who): &(&str, &str, &'static str)| {
        let value = header(name)?.to_ascii_lowercase();
        value.contains(part).then_some(*who)
    };
    let body = body[..body.floor_char_boundary(16 << 10)].to_ascii_lowercase();
    let said = |(part, who): &(&str, &'static str)| body.contains(part).then_some(*who);
    let unnamed = || matches!(status, Some(502..=504)).then_some(UNNAMED);
    HEADERS.iter().find_map(told).or_else(|| TEXTS.iter().find_map(said)).or_else(unnamed)
}

/// What a gateway says of the server behind it by a status. None where it says nothing of it.
pub(super) fn meaning(status: u16) -> Option<&'static str> {
    Some(match status {
        403 => "it refuses the request",
        408 => "the request took too long to arrive",
        413 => "the request is larger than it lets pass",
        429 => "too many requests",
        431 => "the headers are larger than it lets pass",
        500 => "it failed itself",
        502 => "the proxy gave no usable answer",
        503 => "the proxy is down or overloaded",
        504 | 524 => "the proxy took too long to answer",
        520 => "the proxy gave no usable answer",
        521 => "the proxy is down",
        522 => "no connection to the proxy in time",
        523 | 530 => "the proxy can't be found",
        525 => "no TLS connection to the proxy",
        526 => "the certificate of the proxy is not valid",
        _ => return None,
    })
}
