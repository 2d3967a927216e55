//! Numbers as people group them: `4111 1111 1111 1111`, `FR76-3000-…`, with the spaces, dashes and
//! digits that keyboards and typesetters put there.
//!
//! What comes in is a whole value; what goes out is its characters without separators, in a buffer
//! on the stack, and the lengths of its groups.

/// What stands between two groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    Space,
    Dash,
    Dot,
    Slash,
}

impl Separator {
    /// The character of ASCII for it.
    pub(super) fn ascii(self) -> u8 {
        match self {
            Self::Space => b' ',
            Self::Dash => b'-',
            Self::Dot => b'.',
            Self::Slash => b'/',
        }
    }
}

/// The separator that `c` is: ASCII, or one of the spaces and dashes of Unicode that word
/// processors put into numbers so that they do not break.
pub(super) fn separator(c: char) -> Option<Separator> {
    match c {
        ' ' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' | '\u{3000}' => {
            Some(Separator::Space)
        }
        '-' | '\u{2010}'..='\u{2013}' | '\u{2212}' | '\u{ff0d}' => Some(Separator::Dash),
        '.' => Some(Separator::Dot),
        '/' => Some(Separator::Slash),
        _ => None,
    }
}

/// The ASCII digit that `c` stands for: itself, full-width, or Arabic-Indic in both series.
pub(super) fn digit(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        _ => return None,
    };
    let offset = u32::from(c) - u32::from(zero);
    char::from_digit(offset, 10).map(|digit| digit as u8)
}

const MAX_GROUPS: usize = 16;

/// At most `N` characters in at most 16 groups, each two groups separated by one space, dash or dot.
pub(super) struct Grouped<const N: usize> {
    chars: [u8; N],
    len: usize,
    groups: [u8; MAX_GROUPS],
    group_count: usize,
    /// Whether all separators are of one sort.
    pub(super) uniform: bool,
}

impl<const N: usize> Grouped<N> {
    /// Reads all of `value`; `accept` maps a character to the ASCII byte it stands for.
    ///
    /// Nothing for a value that is empty, not UTF-8, too long, begins or ends with a separator, or
    /// has two in a row. No allocation.
    pub(super) fn read(value: &[u8], accept: fn(char) -> Option<u8>) -> Option<Self> {
        // A character and its separator take at most three bytes each.
        if value.len() > 6 * N {
            return None;
        }
        let text = std::str::from_utf8(value).ok()?;
        let mut read =
            Self { chars: [0; N], len: 0, groups: [0; MAX_GROUPS], group_count: 1, uniform: true };
        let mut first_separator = None;
        for c in text.chars() {
            if let Some(byte) = accept(c) {
                *read.chars.get_mut(read.len)? = byte;
                read.len += 1;
                *read.groups.get_mut(read.group_count - 1)? += 1;
                continue;
            }
            let separator = match separator(c)? {
                Separator::Slash => return None,
                separator => separator,
            };
            if *read.groups.get(read.group_count - 1)? == 0 {
                return None;
            }
            read.uniform &= *first_separator.get_or_insert(separator) == separator;
            read.group_count += 1;
        }
        (*read.groups.get(read.group_count - 1)? > 0).then_some(read)
    }

    /// The characters without separators.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.chars[..self.len]
    }

    /// The lengths of the groups, in order; at least one.
    pub(super) fn groups(&self) -> &[u8] {
        &self.groups[..self.group_count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<(String, Vec<u8>)> {
        let grouped = Grouped::<8>::read(value.as_bytes(), digit)?;
        let text = String::from_utf8(grouped.as_bytes().to_vec()).unwrap();
        Some((text, grouped.groups().to_vec()))
    }

    #[test]
    fn groups_are_counted_and_separators_left_out() {
        assert_eq!(read("12 34\u{202f}5"), Some(("12345".into(), vec![2, 2, 1])));
        assert_eq!(read("１２-٣"), Some(("123".into(), vec![2, 1])));
    }

    #[test]
    fn a_separator_stands_between_groups_and_alone() {
        for value in ["", " 1", "1 ", "1  2", "1 -2", "1/2", "1a"] {
            assert!(read(value).is_none(), "{value:?}");
        }
    }

    #[test]
    fn more_than_fits_is_refused() {
        assert!(read("12345678").is_some());
        assert!(read("123456789").is_none());
        assert!(Grouped::<34>::read("1 ".repeat(20).trim().as_bytes(), digit).is_none());
        assert!(Grouped::<34>::read(&[b'1'; 5000], digit).is_none());
    }

    #[test]
    fn mixed_separators_are_seen() {
        assert!(Grouped::<8>::read(b"1 2 3", digit).unwrap().uniform);
        assert!(!Grouped::<8>::read(b"1 2-3", digit).unwrap().uniform);
    }
}
