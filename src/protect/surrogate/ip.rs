//! Surrogates of internet addresses: two that begin with the same bits have surrogates that begin
//! with the same bits, and no more of them.
//!
//! So networks stay networks, and an address stays IPv4 or IPv6. That is also what is given away:
//! whoever knows the network of one address in the data knows it of all others in it.
//!
//! An address takes a block of AES twice for each of its bits, microseconds, so whoever has many
//! equal ones keeps what became of them.
//!
//! # Source
//! draft-denis-ipcrypt-12, `ipcrypt-pfx`.

use std::net::IpAddr;

use ipcrypt_rs::IpcryptPfx;

use super::SurrogateError;
use super::ff1::Direction;
use crate::kind;
use crate::protect::key::KindKey;

/// What permutes addresses.
pub(super) struct Pfx(IpcryptPfx);

impl Pfx {
    pub(super) fn new(key: &KindKey) -> Self {
        // It refuses a key whose halves are equal, as one derived key in 2¹²⁸ is.
        Self(IpcryptPfx::new(*key.expose()))
    }

    /// What stands for `value` (`192.0.2.1`, `2001:db8::1`), or what it stands for.
    pub(super) fn permuted(
        &self,
        direction: Direction,
        value: &[u8],
    ) -> Result<Vec<u8>, SurrogateError> {
        let address = read(value)?;
        let permuted = match direction {
            Direction::Forth => self.0.encrypt_ipaddr(address),
            Direction::Back => self.0.decrypt_ipaddr(address),
        };
        // One IPv6 address in 2⁹⁶ lands among those that are IPv4 addresses. It would not come back.
        if permuted.is_ipv4() != address.is_ipv4() {
            return Err(SurrogateError::DoesNotFit);
        }
        // What is no IPv4-mapped address is written as RFC 5952 has it, in hexadecimal alone.
        Ok(permuted.to_string().into_bytes())
    }
}

/// The address of a canonical form.
pub(super) fn read(value: &[u8]) -> Result<IpAddr, SurrogateError> {
    let parsed = kind::ip::parse_v4(value).or_else(|| kind::ip::parse_v6(value));
    let canonical = parsed.map(|parsed| parsed.canonical);
    let address = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
    address
        .filter(|_| canonical.is_some_and(|canonical| canonical.as_bytes() == value))
        .ok_or(SurrogateError::DoesNotFit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vectors of the draft, and three of its addresses of one network.
    #[test]
    fn addresses_are_those_of_the_draft() {
        let mut key = [0; 32];
        let (first, second) = key.split_at_mut(16);
        first.copy_from_slice(&0x0123_4567_89ab_cdef_fedc_ba98_7654_3210_u128.to_be_bytes());
        second.copy_from_slice(&0x1032_5476_98ba_dcfe_efcd_ab89_6745_2301_u128.to_be_bytes());
        let cipher = Pfx(IpcryptPfx::new(key));
        for (address, surrogate) in [
            ("0.0.0.0", "151.82.155.134"),
            ("255.255.255.255", "94.185.169.89"),
            ("192.0.2.1", "100.115.72.131"),
            ("2001:db8::1", "c180:5dd4:2587:3524:30ab:fa65:6ab6:f88"),
        ] {
            let forth = cipher.permuted(Direction::Forth, address.as_bytes()).unwrap();
            assert_eq!(forth, surrogate.as_bytes());
            let back = cipher.permuted(Direction::Back, surrogate.as_bytes()).unwrap();
            assert_eq!(back, address.as_bytes());
        }
    }
}
