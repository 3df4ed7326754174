//! The Guesstimate REST client behind a transport trait.
