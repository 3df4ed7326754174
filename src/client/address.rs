//! Addresses of a Guesstimate server: that of its API, and those of its spaces for a browser.

use std::net::IpAddr;

use reqwest::Url;

use super::error::ClientError;

/// The server that is asked unless another is named.
const API_DEFAULT: &str = "https://api.getguesstimate.com";

/// Where the spaces of the default server are shown.
const WEB_DEFAULT: &str = "https://www.getguesstimate.com";

/// Address of a server's API: https, or http.
///
/// # Examples
/// ```
/// use tailcast::client::ApiAddress;
/// let address = ApiAddress::default();
/// assert_eq!(address.to_string(), "https://api.getguesstimate.com");
/// assert_eq!(address.space_url(7), "https://www.getguesstimate.com/models/7");
/// assert!(ApiAddress::parse("ftp://a").is_err());
/// # Ok::<(), tailcast::client::ClientError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiAddress(Url);

impl ApiAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`ClientError::Address`] if the text is no http or https address, or holds a user, a password, a query or a
    /// fragment.
    pub fn parse(text: &str) -> Result<Self, ClientError> {
        let refused = |reason: &'static str| ClientError::Address { text: text.to_owned(), reason };
        let Ok(mut url) = Url::parse(text.trim()) else {
            return Err(refused("no address"));
        };
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(refused("an address that is neither http nor https"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            // The text itself is not repeated: it holds a secret.
            return Err(ClientError::Address { text: String::new(), reason: "an address with a user or password" });
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refused("an address with a query or fragment"));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// Address of a resource.
    ///
    /// # Parameters
    /// - `segments`: of its path, not yet encoded.
    /// - `query`: not yet encoded.
    #[must_use]
    pub fn resource(&self, segments: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Where a browser shows a space. A server other than the default one is taken to show it itself.
    #[must_use]
    pub fn space_url(&self, id: u64) -> String {
        let shown = self.to_string();
        let is_default = self.0.host_str() == Some("api.getguesstimate.com");
        let web = if is_default { WEB_DEFAULT } else { shown.as_str() };
        format!("{web}/models/{id}")
    }
}

impl Default for ApiAddress {
    fn default() -> Self {
        Self(Url::parse(API_DEFAULT).expect("the default address is one"))
    }
}

impl std::fmt::Display for ApiAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// Whether secrets may be sent there: over TLS, or to this machine.
pub(super) fn is_confidential(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

/// Whether the address is this machine itself.
pub(super) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether two addresses are of one server: same scheme, host and port.
pub(super) fn is_same_origin(a: &Url, b: &Url) -> bool {
    a.origin() == b.origin()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn secrets_go_over_tls_or_to_this_machine() {
        for text in
            ["https://x.org", "http://localhost:4000", "http://127.0.0.1:1", "http://127.9.9.9", "http://[::1]:8"]
        {
            assert!(is_confidential(&url(text)), "{text}");
        }
        for text in
            ["http://x.org", "http://localhost.x.org", "http://127.0.0.1.x.org", "http://10.0.0.1", "http://0.0.0.0"]
        {
            assert!(!is_confidential(&url(text)), "{text}");
        }
    }

    #[test]
    fn resources_are_encoded_and_stand_below_the_address() {
        let address = ApiAddress::parse("http://127.0.0.1:4000/api/").expect("an address");
        let resource = address.resource(&["users", "a/b"], &[("auth0_id", "auth0|1&x")]);
        assert_eq!(resource.as_str(), "http://127.0.0.1:4000/api/users/a%2Fb?auth0_id=auth0%7C1%26x");
        assert_eq!(address.space_url(3), "http://127.0.0.1:4000/api/models/3");
        assert_eq!(ApiAddress::default().resource(&["spaces"], &[]).as_str(), "https://api.getguesstimate.com/spaces");
    }

    #[test]
    fn passwords_in_addresses_are_not_repeated() {
        let error = ApiAddress::parse("https://me:hunter2@x.org").expect_err("refused").to_string();
        assert!(!error.contains("hunter2"), "{error}");
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert!(is_same_origin(&url("https://a.org/x"), &url("https://a.org:443/y")));
        for other in ["http://a.org", "https://b.org", "https://a.org:444"] {
            assert!(!is_same_origin(&url("https://a.org"), &url(other)), "{other}");
        }
    }
}
