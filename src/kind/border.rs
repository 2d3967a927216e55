//! What stands at the borders of a span.

/// The byte before `at`, or a space at the start of the text.
pub(super) fn before(text: &[u8], at: usize) -> u8 {
    at.checked_sub(1).and_then(|i| text.get(i)).copied().unwrap_or(b' ')
}

/// The byte at `at`, or a space at the end of the text.
pub(super) fn after(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(b' ')
}

/// Whether `byte` glues what stands beside it to a word: a letter or digit of ASCII, or an underscore.
/// Other scripts write without spaces, so theirs do not.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// How many bytes from the start of `text` on pass `accepts`.
pub(super) fn run(text: &[u8], accepts: impl Fn(u8) -> bool) -> usize {
    text.iter().take_while(|&&byte| accepts(byte)).count()
}

/// How many bytes before the end of `text` pass `accepts`.
pub(super) fn run_back(text: &[u8], accepts: impl Fn(u8) -> bool) -> usize {
    text.iter().rev().take_while(|&&byte| accepts(byte)).count()
}
