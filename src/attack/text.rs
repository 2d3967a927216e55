//! The message that is hashed: salt, candidate and salt in one buffer that is written in place.

/// Bytes of the buffer: a block of MD5, SHA-1 and SHA-256.
pub(super) const WIDTH: usize = 64;

/// The longest message with room for padding and length in the same block.
pub(super) const SHORT: usize = 55;

/// What is put around a candidate before it is hashed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Salt {
    /// Before it.
    pub prefix: Vec<u8>,
    /// Behind it.
    pub suffix: Vec<u8>,
}

impl Salt {
    /// The bytes that it adds.
    fn len(&self) -> usize {
        self.prefix.len() + self.suffix.len()
    }
}

/// One candidate with its salt, and zeros behind it, so that hashing it copies one block and nothing
/// is allocated. Candidates of a domain differ in a few digits, which are written where they stand.
pub(super) struct Text<'a> {
    bytes: [u8; WIDTH],
    salt: &'a Salt,
    end: usize,
}

impl<'a> Text<'a> {
    /// An empty candidate within `salt`.
    pub(super) fn new(salt: &'a Salt) -> Self {
        let mut text = Self { bytes: [0; WIDTH], salt, end: 0 };
        if salt.len() <= SHORT {
            text.bytes[..salt.prefix.len()].copy_from_slice(&salt.prefix);
            text.resize(0);
        }
        text
    }

    /// Whether a candidate of so many bytes finds room.
    pub(super) fn fits(&self, len: usize) -> bool {
        len + self.salt.len() <= SHORT
    }

    /// Makes the candidate `len` bytes long, which fit; what it was before stays in front.
    #[inline]
    pub(super) fn resize(&mut self, len: usize) {
        let Salt { prefix, suffix } = self.salt;
        let behind = prefix.len() + len;
        self.end = behind + suffix.len();
        self.bytes[behind..].fill(0);
        self.bytes[behind..self.end].copy_from_slice(suffix);
    }

    /// Puts another candidate in its place, which fits.
    #[inline]
    pub(super) fn set(&mut self, candidate: &[u8]) {
        self.resize(candidate.len());
        self.body()[..candidate.len()].copy_from_slice(candidate);
    }

    /// The candidate and what is behind it.
    #[inline]
    pub(super) fn body(&mut self) -> &mut [u8] {
        &mut self.bytes[self.salt.prefix.len()..]
    }

    /// The whole message, zeros behind it.
    #[inline]
    pub(super) fn padded(&self) -> &[u8; WIDTH] {
        &self.bytes
    }

    /// How many bytes of it are the message.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.end
    }

    /// A message with a candidate that finds no room.
    pub(super) fn long(&self, candidate: &[u8]) -> Vec<u8> {
        [&self.salt.prefix, candidate, &self.salt.suffix].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_there_before_leaves_no_trace() {
        let salt = Salt { prefix: b"pre-".to_vec(), suffix: b"-post".to_vec() };
        let mut text = Text::new(&salt);
        for candidate in [&b"a longer one"[..], b"short", b"", b"198.51.100.255"] {
            text.set(candidate);
            let message = text.long(candidate);
            assert_eq!(&text.padded()[..text.len()], &message[..]);
            assert!(text.padded()[text.len()..].iter().all(|byte| *byte == 0));
        }
        assert!(text.fits(SHORT - 9) && !text.fits(SHORT - 8));
    }
}
