//! Surrogates of email addresses: an address that is nobody's, at a domain that is nobody's.
//!
//! `jean@example.com` becomes `<20 characters>@<20 characters>.invalid`, the characters as in tokens:
//! those of the whole address, and those of its domain under a kind of its own, `email_domain`, so
//! that addresses of one domain are still of one domain. No mail reaches the top-level domain
//! `invalid`. Where the domain is kept, only the part before it is replaced.
//!
//! One way only: the characters are a keyed hash, and the key does not undo it.
//!
//! # Source
//! RFC 2606 (`invalid`); the pseudonym specification `loup.v1`, section "Operators".

use super::SurrogateError;
use crate::protect::error::KeyError;
use crate::protect::key::{DomainKey, KeyedState, mac};
use crate::protect::pseudonym::token_characters;

/// The kind whose key the domains of addresses are hashed under.
const DOMAIN_KIND: &str = "email_domain";

/// What hashes addresses and their domains.
pub(super) struct Email {
    address: KeyedState,
    domain: KeyedState,
}

/// What becomes of the domain of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailDomain {
    /// It is replaced as well.
    Replaced,
    /// It stays, and says where somebody works or lives.
    Kept,
}

impl Email {
    pub(super) fn new(kind: &str, domain_key: &DomainKey) -> Result<Self, KeyError> {
        let state = |kind| Ok(domain_key.kind_key(kind, None)?.state());
        Ok(Self { address: state(kind)?, domain: state(DOMAIN_KIND)? })
    }

    /// What stands for `value` (`jean@example.com`).
    pub(super) fn hashed(
        &self,
        value: &[u8],
        email_domain: EmailDomain,
    ) -> Result<Vec<u8>, SurrogateError> {
        let domain = domain(value)?;
        let mut surrogate = token_characters(&mac(&self.address, value)).to_vec();
        surrogate.push(b'@');
        match email_domain {
            EmailDomain::Kept => surrogate.extend_from_slice(domain),
            EmailDomain::Replaced => {
                surrogate.extend_from_slice(&token_characters(&mac(&self.domain, domain)));
                surrogate.extend_from_slice(b".invalid");
            }
        }
        Ok(surrogate)
    }
}

/// What is behind the last `@` of an address. A quoted local part may have others.
pub(super) fn domain(value: &[u8]) -> Result<&[u8], SurrogateError> {
    let at = memchr::memrchr(b'@', value).ok_or(SurrogateError::DoesNotFit)?;
    let (local, domain) = (&value[..at], &value[at + 1..]);
    if local.is_empty() || domain.is_empty() { Err(SurrogateError::DoesNotFit) } else { Ok(domain) }
}
