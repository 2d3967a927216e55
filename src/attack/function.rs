//! The hash functions that pseudonyms are made with although they have no key.
//!
//! Each is written for the loop of a search: a short message is one block, padded where it lies and
//! compressed once, and of its digest only the head is made, as nearly all candidates are wrong.
//!
//! # Source
//! FIPS 180-4 (SHA-1, SHA-2), RFC 1321 (MD5), ISO-HDLC (CRC-32, as in zlib), FarmHash Fingerprint64.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};

use super::farmhash::fingerprint64;
use super::text::{SHORT, Text, WIDTH};

/// Bytes of the longest digest.
pub(super) const MAX_BYTES: usize = 64;

/// A hash function without a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// CRC-32.
    Crc32,
    /// FarmHash Fingerprint64.
    Farm64,
    /// MD5.
    Md5,
    /// SHA-1.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Function {
    /// All of them, the shortest digest first.
    pub(super) const ALL: [Self; 8] = [
        Self::Crc32,
        Self::Farm64,
        Self::Md5,
        Self::Sha1,
        Self::Sha224,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
    ];

    /// Bits of its digest.
    #[must_use]
    pub fn bits(self) -> u32 {
        match self {
            Self::Crc32 => 32,
            Self::Farm64 => 64,
            Self::Md5 => 128,
            Self::Sha1 => 160,
            Self::Sha224 => 224,
            Self::Sha256 => 256,
            Self::Sha384 => 384,
            Self::Sha512 => 512,
        }
    }

    /// Whether people cut its digest: checksums are short enough.
    pub(super) fn is_cut(self) -> bool {
        !matches!(self, Self::Crc32 | Self::Farm64)
    }

    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC-32",
            Self::Farm64 => "FarmHash-64",
            Self::Md5 => "MD5",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
        }
    }

    /// The digest of a message, zeros behind it.
    pub(super) fn digest(self, message: &[u8]) -> [u8; MAX_BYTES] {
        fn padded(digest: &[u8]) -> [u8; MAX_BYTES] {
            let mut bytes = [0; MAX_BYTES];
            bytes[..digest.len()].copy_from_slice(digest);
            bytes
        }
        match self {
            Self::Crc32 => padded(&crc32(message).to_be_bytes()),
            Self::Farm64 => padded(&fingerprint64(message).to_be_bytes()),
            Self::Md5 => padded(&Md5::digest(message)),
            Self::Sha1 => padded(&Sha1::digest(message)),
            Self::Sha224 => padded(&Sha224::digest(message)),
            Self::Sha256 => padded(&Sha256::digest(message)),
            Self::Sha384 => padded(&Sha384::digest(message)),
            Self::Sha512 => padded(&Sha512::digest(message)),
        }
    }
}

/// A function in the loop of a search.
pub(super) trait Heads {
    /// The first 64 bits of the digest of a short message; zeros behind a shorter digest.
    fn head(text: &Text<'_>) -> u64;
}

/// [`Function::Crc32`].
pub(super) struct Crc32;
/// [`Function::Farm64`].
pub(super) struct Farm64;
/// [`Function::Md5`].
pub(super) struct OfMd5;
/// [`Function::Sha1`].
pub(super) struct OfSha1;
/// [`Function::Sha224`] and [`Function::Sha256`], by their first state.
pub(super) struct OfSha256<const SHORT: bool>;
/// [`Function::Sha384`] and [`Function::Sha512`].
pub(super) struct OfSha512<const SHORT: bool>;

impl Heads for Crc32 {
    #[inline]
    fn head(text: &Text<'_>) -> u64 {
        u64::from(crc32(&text.padded()[..text.len()])) << 32
    }
}

impl Heads for Farm64 {
    #[inline]
    fn head(text: &Text<'_>) -> u64 {
        fingerprint64(&text.padded()[..text.len()])
    }
}

impl Heads for OfMd5 {
    #[inline]
    fn head(text: &Text<'_>) -> u64 {
        let mut state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476_u32];
        let mut block = ended(text);
        block[SHORT + 1..].copy_from_slice(&bits(text).to_le_bytes());
        md5::block_api::compress(&mut state, &[block]);
        u64::from(state[0].swap_bytes()) << 32 | u64::from(state[1].swap_bytes())
    }
}

impl Heads for OfSha1 {
    #[inline]
    fn head(text: &Text<'_>) -> u64 {
        let mut state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0_u32];
        sha1::block_api::compress(&mut state, &[big_endian(text)]);
        u64::from(state[0]) << 32 | u64::from(state[1])
    }
}

impl<const IS_224: bool> Heads for OfSha256<IS_224> {
    #[inline]
    fn head(text: &Text<'_>) -> u64 {
        let mut state = if IS_224 { SHA_224 } else { SHA_256 };
        sha2::block_api::compress256(&mut state, &[big_endian(text)]);
        u64::from(state[0]) << 32 | u64::from(state[1])
    }
}

impl<const IS_384: bool> Heads for OfSha512<IS_384> {
    #[inline]
    fn head(text: &Text<'_>) -> u64 {
        let mut state = if IS_384 { SHA_384 } else { SHA_512 };
        let mut block = [0; 128];
        block[..WIDTH].copy_from_slice(&ended(text));
        block[120..].copy_from_slice(&bits(text).to_be_bytes());
        sha2::block_api::compress512(&mut state, &[block]);
        state[0]
    }
}

/// The block of a message, with the bit that ends it.
#[inline]
fn ended(text: &Text<'_>) -> [u8; WIDTH] {
    let mut block = *text.padded();
    block[text.len().min(SHORT)] = 0x80;
    block
}

/// The same, with the length as SHA-1 and SHA-2 write it.
#[inline]
fn big_endian(text: &Text<'_>) -> [u8; WIDTH] {
    let mut block = ended(text);
    block[SHORT + 1..].copy_from_slice(&bits(text).to_be_bytes());
    block
}

fn bits(text: &Text<'_>) -> u64 {
    8 * text.len() as u64
}

/// FIPS 180-4, section 5.3.2.
const SHA_224: [u32; 8] = [
    0xc105_9ed8,
    0x367c_d507,
    0x3070_dd17,
    0xf70e_5939,
    0xffc0_0b31,
    0x6858_1511,
    0x64f9_8fa7,
    0xbefa_4fa4,
];
/// FIPS 180-4, section 5.3.3.
const SHA_256: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];
/// FIPS 180-4, section 5.3.4.
const SHA_384: [u64; 8] = [
    0xcbbb_9d5d_c105_9ed8,
    0x629a_292a_367c_d507,
    0x9159_015a_3070_dd17,
    0x152f_ecd8_f70e_5939,
    0x6733_2667_ffc0_0b31,
    0x8eb4_4a87_6858_1511,
    0xdb0c_2e0d_64f9_8fa7,
    0x47b5_481d_befa_4fa4,
];
/// FIPS 180-4, section 5.3.5.
const SHA_512: [u64; 8] = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

/// What a byte does to the checksum; the polynomial is 0x04C11DB7, reflected.
const CRC: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut value = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { value >> 1 ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[byte] = value;
        byte += 1;
    }
    table
};

fn crc32(message: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| CRC[usize::from(sum as u8 ^ byte)] ^ sum >> 8;
    !message.iter().fold(!0, step)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::text::Salt;
    use super::*;

    fn head(function: Function, text: &Text<'_>) -> u64 {
        match function {
            Function::Crc32 => Crc32::head(text),
            Function::Farm64 => Farm64::head(text),
            Function::Md5 => OfMd5::head(text),
            Function::Sha1 => OfSha1::head(text),
            Function::Sha224 => OfSha256::<true>::head(text),
            Function::Sha256 => OfSha256::<false>::head(text),
            Function::Sha384 => OfSha512::<true>::head(text),
            Function::Sha512 => OfSha512::<false>::head(text),
        }
    }

    #[test]
    fn the_checksum_is_that_of_zlib() {
        // The check value of the catalogue of CRC algorithms.
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    proptest! {
        #[test]
        fn the_head_of_a_block_is_that_of_the_digest(
            prefix in prop::collection::vec(any::<u8>(), 0..20),
            candidate in prop::collection::vec(any::<u8>(), 0..20),
            suffix in prop::collection::vec(any::<u8>(), 0..16),
        ) {
            let salt = Salt { prefix, suffix };
            let mut text = Text::new(&salt);
            text.set(&candidate);
            for function in Function::ALL {
                let digest = function.digest(&text.long(&candidate));
                let first = u64::from_be_bytes(digest[..8].try_into().unwrap());
                prop_assert_eq!(head(function, &text), first, "{}", function.name());
            }
        }
    }
}
