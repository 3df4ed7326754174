//! What a user names a space by: its id, or its address, which may hold a share token.

use reqwest::Url;

use super::error::ClientError;
use super::token::Token;

/// A space by its id, and the share token with which it may be read, if there is one.
///
/// # Examples
/// ```
/// use tailcast::client::SpaceReference;
/// assert_eq!(SpaceReference::parse("123")?.id, 123);
/// let shared = SpaceReference::parse("https://www.getguesstimate.com/models/123?token=abc")?;
/// assert_eq!((shared.id, shared.share_token.is_some()), (123, true));
/// # Ok::<(), tailcast::client::ClientError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpaceReference {
    /// Id of the space.
    pub id: u64,
    /// Token of its share link.
    pub share_token: Option<Token>,
}

impl SpaceReference {
    /// Reads an id, or an address with `/models/ID` or `/spaces/ID` in its path.
    ///
    /// # Errors
    /// [`ClientError::SpaceReference`] if the text is neither; a share token in it is not repeated.
    pub fn parse(text: &str) -> Result<Self, ClientError> {
        let text = text.trim();
        if let Ok(id) = text.parse() {
            return Ok(Self { id, share_token: None });
        }
        let refused = || ClientError::SpaceReference { text: text.split('?').next().unwrap_or_default().to_owned() };
        let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&with_scheme).map_err(|_| refused())?;
        let segments: Vec<&str> = url.path_segments().ok_or_else(refused)?.collect();
        let place = segments.iter().position(|segment| matches!(*segment, "models" | "spaces")).ok_or_else(refused)?;
        let id = segments.get(place + 1).and_then(|id| id.parse().ok()).ok_or_else(refused)?;
        let token = url.query_pairs().find(|(key, _)| key == "token").map(|(_, token)| Token::new(&token));
        Ok(Self { id, share_token: token.transpose()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_addresses_of_either_kind_are_read() {
        for text in [
            "42",
            " 42 ",
            "https://www.getguesstimate.com/models/42",
            "www.getguesstimate.com/models/42",
            "https://www.getguesstimate.com/models/42/embed#x",
            "http://127.0.0.1:4000/api/spaces/42?x=1",
        ] {
            let reference = SpaceReference::parse(text).expect("a space");
            assert_eq!((reference.id, reference.share_token), (42, None), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused_without_their_token() {
        for text in ["", "-1", "model.json", "https://x.org/42?token=s3cr3t", "https://x.org/models/x?token=s3cr3t"] {
            let error = SpaceReference::parse(text).expect_err("refused").to_string();
            assert!(!error.contains("s3cr3t"), "{error}");
        }
    }
}
