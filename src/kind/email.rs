//! Email addresses.
//!
//! # Source
//! RFC 5321 (syntax and lengths), RFC 5322 (`atext`), RFC 6531 (UTF-8), RFC 6068 (`mailto:`),
//! UTS 46 (domains to ASCII), the Public Suffix List (which top-level domains exist), RFC 2606 and
//! RFC 6761 (names reserved for examples and tests).

use std::borrow::Cow;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use unicode_normalization::UnicodeNormalization;

use super::{Canonical, Parsed, Strength, trim};

/// RFC 5321, 4.5.3.1.1, octets.
const MAX_LOCAL_LEN: usize = 64;
/// RFC 1035, 2.3.4, without the length bytes at either end, octets.
const MAX_DOMAIN_LEN: usize = 253;
/// RFC 1035, 2.3.4, octets.
const MAX_LABEL_LEN: usize = 63;
/// RFC 5321, 4.5.3.1.3 (a path of 256 with its angle brackets), octets.
const MAX_LEN: usize = 254;

/// RFC 2606 and RFC 6761. Nobody's, and yet what they end is an address.
const RESERVED: [&str; 4] = ["example", "test", "invalid", "localhost"];
/// Names that networks use for themselves (RFC 6762, appendix G; ICANN's `internal`).
const PRIVATE: [&str; 8] =
    ["local", "internal", "lan", "corp", "home", "intranet", "localdomain", "private"];

/// Parses an address, with `mailto:` before it or angle brackets around it.
///
/// The local part is a dot-atom or quoted; the domain has at least two labels and ends in a known
/// or reserved top-level domain (strong) or in a private name (weak). Everything else is refused:
/// `logo@2x.png` and `Foo@Bar.class` are no addresses, and neither is `user@host`. Address literals
/// (`user@[192.0.2.1]`) and percent, JSON or entity escapes are not read.
///
/// The canonical form is `PSEUDONYMS.md`'s: in lower case, then NFC; the domain in ASCII by UTS 46
/// without a trailing dot; a quoted local part without quotes where what they hold is a dot-atom.
#[must_use]
pub fn parse(value: &[u8]) -> Option<Parsed> {
    let address = std::str::from_utf8(bare(trim(value))).ok()?;
    if address.len() > 2 * MAX_LEN {
        return None;
    }
    // A quoted local part may hold an `@`, a domain may not.
    let at = memchr::memrchr(b'@', address.as_bytes())?;
    let (local, domain) = (&address[..at], &address[at + 1..]);
    // Normal first: the Greek question mark becomes a semicolon, which no address holds.
    let normal: Option<String> = (!local.is_ascii()).then(|| local.nfc().collect());
    let local = normal.as_deref().unwrap_or(local);
    if !is_local(local) {
        return None;
    }
    let domain = to_ascii(domain)?;
    let domain = domain.strip_suffix('.').unwrap_or(&domain);
    if !is_host(domain) || local.len() + 1 + domain.len() > MAX_LEN {
        return None;
    }
    let strength = domain_strength(domain)?;
    Some(Parsed { canonical: canonical(local, domain), strength, region: None })
}

/// A domain in lower-case ASCII by UTS 46. Without STD3 that passes all of ASCII on; [`is_host`] says
/// what a label may hold.
fn to_ascii(domain: &str) -> Option<Cow<'_, str>> {
    let classes = classes_of(domain.as_bytes());
    // A label that was encoded has to be one that could be.
    let is_encoded = || classes & UNDASHED == 0 && domain.contains("xn--");
    if classes & LOWER_HOST != 0 && !is_encoded() {
        return Some(domain.into());
    }
    Uts46::new()
        .to_ascii(domain.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow, DnsLength::Ignore)
        .ok()
}

/// What the end of `domain` proves; nothing where it is no name that anybody uses. `domain` is in
/// lower-case ASCII with at least two labels.
pub(super) fn domain_strength(domain: &str) -> Option<Strength> {
    let top_level = &domain[memchr::memrchr(b'.', domain.as_bytes())? + 1..];
    // The list holds its names in Unicode. It is asked for the whole domain, since some top-level
    // domains (`*.ck`) are on it only through what stands before them.
    let is_known = |name: &str| psl::suffix(name.as_bytes()).is_some_and(|s| s.is_known());
    if RESERVED.contains(&top_level) || is_known(domain) {
        Some(Strength::Strong)
    } else if PRIVATE.contains(&top_level) {
        Some(Strength::Weak)
    } else if top_level.starts_with("xn--") && is_known(&idna::domain_to_unicode(domain).0) {
        Some(Strength::Strong)
    } else {
        None
    }
}

/// The address without what mail programs put around it.
fn bare(value: &[u8]) -> &[u8] {
    let value = match value {
        [b'<', inner @ .., b'>'] => inner,
        _ => value,
    };
    match value.split_first_chunk::<7>() {
        Some((scheme, address)) if scheme.eq_ignore_ascii_case(b"mailto:") => address,
        _ => value,
    }
}

/// RFC 5321, 4.1.2, `Local-part`.
fn is_local(local: &str) -> bool {
    local.len() <= MAX_LOCAL_LEN && (is_dot_atom(local) || quoted(local).is_some())
}

/// Atoms separated by single dots.
fn is_dot_atom(text: &str) -> bool {
    let is_of_atoms = || text.chars().all(|c| c == '.' || is_atext(c));
    (classes_of(text.as_bytes()) & PLAIN_ATOMS != 0 || is_of_atoms())
        && !(text.is_empty() || text.starts_with('.') || text.ends_with('.'))
        && !text.as_bytes().windows(2).any(|pair| pair == b"..")
}

/// RFC 5322, 3.2.3, with RFC 6531, 3.3. Of what is not ASCII, white space, controls and marks of
/// direction are left out: they are what surrounds an address, not what it is made of.
fn is_atext(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => true,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => false,
        '\u{feff}' | '\u{fffd}' => false,
        _ if c.is_ascii() => "!#$%&'*+-/=?^_`{|}~".contains(c),
        _ => !c.is_whitespace() && !c.is_control(),
    }
}

/// What is inside the quotes of a `Quoted-string` (RFC 5321, 4.1.2), as written.
fn quoted(local: &str) -> Option<&str> {
    let content = local.strip_prefix('"')?.strip_suffix('"')?;
    let mut chars = content.chars();
    while let Some(c) = chars.next() {
        let c = match c {
            '"' => return None,
            '\\' => chars.next().filter(char::is_ascii)?,
            c => c,
        };
        if c.is_control() {
            return None;
        }
    }
    Some(content)
}

/// Two or more labels of letters, digits and inner hyphens (RFC 1123, 2.1), in ASCII.
fn is_host(domain: &str) -> bool {
    let is_label = |label: &[u8]| {
        (1..=MAX_LABEL_LEN).contains(&label.len())
            && label.first() != Some(&b'-')
            && label.last() != Some(&b'-')
    };
    let mut labels = domain.as_bytes().split(|b| *b == b'.');
    domain.len() <= MAX_DOMAIN_LEN
        && classes_of(domain.as_bytes()) & HOST != 0
        && labels.next().is_some_and(is_label)
        && labels.next().is_some_and(is_label)
        && labels.all(is_label)
}

/// Letters, digits, dots, dashes and underscores.
const PLAIN_ATOMS: u8 = 1;
/// Letters, digits, dots and dashes.
const HOST: u8 = 2;
/// The same, no letter of which is a capital.
const LOWER_HOST: u8 = 4;
/// Anything but a dash.
const UNDASHED: u8 = 8;

/// Whether there are but letters, digits, dots, dashes and underscores in the local part before `at`, and
/// but the same without underscores in the domain behind it.
#[must_use]
pub fn is_plain(address: &[u8], at: usize) -> bool {
    classes_of(&address[..at]) & PLAIN_ATOMS != 0 && classes_of(&address[at + 1..]) & HOST != 0
}

/// What each byte belongs to.
static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        let is_host = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        classes[byte as usize] = class_if(is_host || byte == b'_', PLAIN_ATOMS)
            | class_if(is_host, HOST)
            | class_if(is_host && !byte.is_ascii_uppercase(), LOWER_HOST)
            | class_if(byte != b'-', UNDASHED);
        byte += 1;
    }
    classes
};

const fn class_if(is_of_it: bool, class: u8) -> u8 {
    if is_of_it { class } else { 0 }
}

/// What all bytes of `text` belong to. It stops at none that belongs to nothing: nearly every address is
/// plain, and a loop without a way out is shorter.
fn classes_of(text: &[u8]) -> u8 {
    text.iter().fold(u8::MAX, |classes, byte| classes & CLASSES[usize::from(*byte)])
}

fn canonical(local: &str, domain: &str) -> Canonical {
    let local = quoted(local).filter(|content| is_dot_atom(content)).unwrap_or(local);
    let mut address = String::with_capacity(local.len() + 1 + domain.len());
    if local.is_ascii() {
        address.push_str(local);
        address.make_ascii_lowercase();
    } else {
        address.extend(local.to_lowercase().nfc());
    }
    address.push('@');
    address.push_str(domain);
    Canonical::new(address)
}

/// The address without the tag behind a plus in its local part, where it has one: most providers deliver
/// `jean+shop@example.com` to `jean@example.com`. A quoted local part, and one that is all tag, has none.
///
/// # Source
/// RFC 5233 (subaddressing), with the separator that its examples have.
#[must_use]
pub fn without_tag(canonical: &Canonical) -> Option<Canonical> {
    let (local, domain) = std::str::from_utf8(canonical.as_bytes()).ok()?.rsplit_once('@')?;
    let (user, _) = local.split_once('+').filter(|(user, _)| !user.is_empty())?;
    // Under closure, anything may have an `@`, behind a byte that no address has.
    let is_address = !local.contains(['"', '\0']);
    is_address.then(|| Canonical::new(format!("{user}@{domain}")))
}

/// Whether `value` looks like an address: something on both sides of one `@`, and no white space.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    let mut parts = value.split(|&b| b == b'@');
    let mut is_next = || parts.next().is_some_and(|part| !part.is_empty());
    is_next() && is_next() && parts.next().is_none() && !value.iter().any(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::kind::testing;

    fn canonical(value: &str) -> Option<String> {
        testing::canonical(parse(value.as_bytes()))
    }

    #[test]
    fn the_specifications_vectors_hold() {
        assert_eq!(
            canonical("Jean.Dupont@Example.COM").as_deref(),
            Some("jean.dupont@example.com")
        );
        assert_eq!(
            canonical("Hélène@Müller.example").as_deref(),
            Some("hélène@xn--mller-kva.example")
        );
        assert_eq!(canonical("n/a"), None);
    }

    #[test]
    fn a_tag_is_what_stands_behind_a_plus() {
        let stripped = |value: &str| {
            let parsed = parse(value.as_bytes()).unwrap();
            let stripped = without_tag(&parsed.canonical)?;
            Some(String::from_utf8(stripped.as_bytes().to_vec()).unwrap())
        };
        assert_eq!(stripped("Jean+Shop@Example.com").as_deref(), Some("jean@example.com"));
        assert_eq!(stripped("jean+a+b@example.com").as_deref(), Some("jean@example.com"));
        for untagged in ["jean@example.com", "+jean@example.com", "\"a +b\"@example.com"] {
            assert_eq!(stripped(untagged), None, "{untagged}");
        }
        let unparsed = Canonical::unparsed(crate::kind::Raw(b"jean+a@example"));
        assert!(without_tag(&unparsed).is_none());
    }

    #[test]
    fn what_surrounds_an_address_is_left_out() {
        for value in [
            "mailto:jean@example.com",
            "MAILTO:jean@example.com",
            "<jean@example.com>",
            "<mailto:jean@example.com>",
            " jean@example.com\n",
            "jean@example.com.",
            "\"jean\"@example.com",
        ] {
            assert_eq!(canonical(value).as_deref(), Some("jean@example.com"), "{value}");
        }
    }

    #[test]
    fn a_decomposed_local_part_is_composed_and_lower_case() {
        assert_eq!(canonical("HE\u{301}LENE@example.com").as_deref(), Some("hélene@example.com"));
    }

    #[test]
    fn dots_and_tags_are_kept() {
        assert_eq!(canonical("j.d+shop@example.org").as_deref(), Some("j.d+shop@example.org"));
    }

    #[test]
    fn quotes_stay_where_they_are_needed() {
        assert_eq!(
            canonical(r#""Jean Dupont"@example.com"#).as_deref(),
            Some(r#""jean dupont"@example.com"#)
        );
        assert_eq!(
            canonical(r#""a@b\"c"@example.com"#).as_deref(),
            Some(r#""a@b\"c"@example.com"#)
        );
        for value in
            [r#""a"b"@example.com"#, r#""a\"@example.com"#, r#"""@x"#, "\"a\nb\"@example.com"]
        {
            assert_eq!(canonical(value), None, "{value}");
        }
    }

    #[test]
    fn the_end_of_the_domain_decides_the_strength() {
        let strength = |value: &str| parse(value.as_bytes()).map(|parsed| parsed.strength);
        for value in [
            "a@example.com",
            "a@b.example",
            "a@b.test",
            "a@b.localhost",
            "a@b.museum",
            "a@b.zip",
            "a@b.ck",
            "a@b.co.uk",
            "a@例え.中国",
            "a@b.xn--fiqs8s",
        ] {
            assert_eq!(strength(value), Some(Strength::Strong), "{value}");
        }
        for value in ["a@mail.corp.local", "a@b.internal", "a@b.lan"] {
            assert_eq!(strength(value), Some(Strength::Weak), "{value}");
        }
        for value in [
            "logo@2x.png",
            "Foo@Bar.class",
            "react@18.2.0.js",
            "a@b.notatld",
            "a@192.0.2.1",
            "a@b.xn--zz",
        ] {
            assert_eq!(strength(value), None, "{value}");
        }
    }

    #[test]
    fn what_the_standards_forbid_is_refused() {
        let long_local = format!("{}@example.com", "a".repeat(65));
        let long_label = format!("a@{}.com", "a".repeat(64));
        let long_domain = format!("a@{}com", "a1.".repeat(84));
        for value in [
            "",
            "@",
            "a",
            "a@",
            "@example.com",
            "a@localhost",
            "a@example",
            ".a@example.com",
            "a.@example.com",
            "a..b@example.com",
            "a b@example.com",
            "a@b@example.com",
            "a@-b.com",
            "a@b-.com",
            "a@b..com",
            "a@.com",
            "a@b_c.com",
            "a,b@example.com",
            "a(b@example.com",
            "a@[192.0.2.1]",
            "a@exa mple.com",
            "Jean <a@example.com>",
            "a\u{a0}b@example.com",
            "a\u{37e}@example.com",
            &long_local,
            &long_label,
            &long_domain,
        ] {
            assert_eq!(canonical(value), None, "{value}");
        }
        assert!(parse(b"a\xff@example.com").is_none());
        assert!(canonical(&format!("{}@example.com", "a".repeat(64))).is_some());
    }

    #[test]
    fn an_address_has_at_most_254_octets() {
        let domain = format!("{}com", "a1.".repeat(62)); // 189
        let address = |len: usize| format!("{}@{domain}", "a".repeat(len));
        assert!(canonical(&address(64)).is_some_and(|c| c.len() == 254));
        let domain = format!("a{domain}");
        assert!(canonical(&format!("{}@{domain}", "a".repeat(64))).is_none());
    }

    proptest! {
        #[test]
        fn every_plain_address_is_accepted_in_lower_case(
            local in "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\\.[A-Za-z0-9_-]{1,10}){0,3}",
            label in "[A-Za-z]([A-Za-z0-9]{0,10}[A-Za-z0-9])?",
        ) {
            let address = format!("{local}@{label}.example.com");
            prop_assert_eq!(canonical(&address), Some(address.to_lowercase()));
        }

        #[test]
        fn every_quoted_or_international_address_is_accepted_in_its_canonical_form(
            quoted in "[a-z]{1,9} [a-z,:;<>()@\\[\\]]{0,9}", local in "[a-zà-öø-ÿα-ρа-я]{1,12}",
            (label, ascii) in prop::sample::select(vec![
                // RFC 3492, 7.1, and RFC 5891: a name and its form in ASCII.
                ("example", "example"), ("Bücher", "xn--bcher-kva"), ("müller", "xn--mller-kva"),
                ("例え", "xn--r8jz45g"), ("παράδειγμα", "xn--hxajbheg2az3al"),
            ]),
            end in prop::sample::select(vec!["com", "org", "fr", "de", "co.uk", "example", "info"]),
        ) {
            for (written, local) in [
                (local.to_uppercase(), local.clone()),
                (format!("\"{local}\""), local.clone()),
                (format!("\"{quoted}\""), format!("\"{quoted}\"")),
            ] {
                let expected = Some(format!("{local}@{ascii}.{end}"));
                let address = format!("{written}@{label}.{end}");
                prop_assert_eq!(&canonical(&address), &expected, "{}", address);
                prop_assert_eq!(&canonical(&format!("<mailto:{address}>")), &expected);
                prop_assert_eq!(canonical(&format!("{written}@{ascii}.{end}.")), expected);
            }
        }

        #[test]
        fn the_canonical_form_is_its_own(value in "[\\PC&&[^@]]{1,12}@[\\pL]{1,6}\\.example") {
            if let Some(once) = canonical(&value) {
                prop_assert_eq!(canonical(&once), Some(once));
            }
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(value in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = parse(&value);
        }
    }
}
