//! What an epoch of a keyring holds: its master key, that key encrypted, or two keys cut out of it for
//! somebody who is to mask in one domain and to do no more.
//!
//! An [`Export`] is `D(token, domain)` and `D(digest, domain)` of the specification. HKDF has no way
//! back from them to the master key, nor across to another domain or purpose. What such a keyring
//! cannot do is not a check but a type: other purposes are derived from a [`MasterKey`], and there is
//! none in it.
//!
//! # Source
//! The pseudonym specification `loup.v1`, section "Keys".

use super::error::KeyError;
use super::key::{Domain, DomainKey, KeyId, MasterKey, Purpose};
use super::sealed::Sealed;

/// The key of an epoch that is not destroyed.
pub enum Key {
    /// Every key of the epoch can be derived from it.
    Master(MasterKey),
    /// The same, encrypted in the keyring; of use once it was opened.
    Sealed(Sealed),
    /// Those of one domain, for tokens and digests alone.
    Export(Export),
}

/// `D(token, domain)` and `D(digest, domain)` of an epoch, under the id of the key they come from.
pub struct Export {
    id: KeyId,
    domain: Domain,
    token: DomainKey,
    digest: DomainKey,
}

impl Export {
    /// The export of a master key.
    #[must_use]
    pub fn of(master: &MasterKey, domain: &Domain) -> Self {
        Self {
            id: master.id(),
            domain: domain.clone(),
            token: master.domain_key(Purpose::Token, domain),
            digest: master.domain_key(Purpose::Digest, domain),
        }
    }

    /// One as a keyring has it. That the id is that of the key they come from cannot be checked.
    pub(super) fn new(id: KeyId, domain: Domain, token: DomainKey, digest: DomainKey) -> Self {
        Self { id, domain, token, digest }
    }

    /// The domain that it can make pseudonyms of.
    #[must_use]
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// `D(token, domain)` and `D(digest, domain)`, for the keyring that writes them down.
    pub(super) fn keys(&self) -> [&DomainKey; 2] {
        [&self.token, &self.digest]
    }

    /// This, if it is for `domain`.
    fn in_domain(&self, domain: &Domain) -> Result<&Self, KeyError> {
        if self.domain == *domain {
            Ok(self)
        } else {
            Err(KeyError::OtherDomain { exported: self.domain.clone(), wanted: domain.clone() })
        }
    }
}

impl Key {
    /// The name of the master key.
    #[must_use]
    pub fn id(&self) -> KeyId {
        match self {
            Self::Master(master) => master.id(),
            Self::Sealed(sealed) => sealed.id(),
            Self::Export(export) => export.id,
        }
    }

    /// The domain it was exported for, unless it is the master key.
    #[must_use]
    pub fn exported_for(&self) -> Option<&Domain> {
        match self {
            Self::Master(_) | Self::Sealed(_) => None,
            Self::Export(export) => Some(&export.domain),
        }
    }

    /// The master key, which every other purpose than tokens and digests takes.
    ///
    /// # Errors
    /// [`KeyError::Exported`]; [`KeyError::Locked`] where it is encrypted and was not opened.
    pub fn master(&self) -> Result<&MasterKey, KeyError> {
        match self {
            Self::Master(master) => Ok(master),
            Self::Sealed(sealed) => sealed.master().ok_or(KeyError::Locked),
            Self::Export(export) => Err(KeyError::Exported { domain: export.domain.clone() }),
        }
    }

    /// `D(token, domain)`.
    ///
    /// # Errors
    /// [`KeyError::OtherDomain`] where it was exported for another, [`KeyError::Locked`].
    pub fn token_key(&self, domain: &Domain) -> Result<DomainKey, KeyError> {
        Ok(match self {
            Self::Export(export) => export.in_domain(domain)?.token.copied(),
            Self::Master(_) | Self::Sealed(_) => self.master()?.domain_key(Purpose::Token, domain),
        })
    }

    /// `D(digest, domain)`.
    ///
    /// # Errors
    /// [`KeyError::OtherDomain`] where it was exported for another, [`KeyError::Locked`].
    pub fn digest_key(&self, domain: &Domain) -> Result<DomainKey, KeyError> {
        Ok(match self {
            Self::Export(export) => export.in_domain(domain)?.digest.copied(),
            Self::Master(_) | Self::Sealed(_) => self.master()?.domain_key(Purpose::Digest, domain),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::key::tests::{hex, vector_key};
    use super::*;

    fn analytics() -> Domain {
        Domain::new("analytics").unwrap()
    }

    fn bytes(key: Result<DomainKey, KeyError>) -> String {
        hex(key.unwrap().expose())
    }

    #[test]
    fn an_export_has_the_keys_of_its_domain() {
        let master = Key::Master(vector_key());
        let export = Key::Export(Export::of(&vector_key(), &analytics()));
        assert_eq!(bytes(export.token_key(&analytics())), bytes(master.token_key(&analytics())));
        assert_eq!(bytes(export.digest_key(&analytics())), bytes(master.digest_key(&analytics())));
        assert_ne!(bytes(export.token_key(&analytics())), bytes(export.digest_key(&analytics())));
        assert_eq!(export.id(), master.id());
    }

    #[test]
    fn an_export_has_no_other_key() {
        let export = Key::Export(Export::of(&vector_key(), &analytics()));
        for key in [export.token_key(&Domain::default()), export.digest_key(&Domain::default())] {
            assert!(matches!(key, Err(KeyError::OtherDomain { .. })));
        }
        assert!(matches!(export.master(), Err(KeyError::Exported { .. })));
        assert_eq!(export.exported_for(), Some(&analytics()));
    }
}
