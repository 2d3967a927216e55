//! Credentials that a vendor or a standard gives a form of their own, told by their prefix.
//!
//! # Source
//! RFC 7519 (JWT), RFC 7515 and RFC 7516 (its parts), RFC 7468 (PEM), RFC 6750 and RFC 7617 (`Bearer`,
//! `Basic`), RFC 2307 (`{SSHA}`), crypt(5) of libxcrypt, the PHC string format, and the documentation
//! of each vendor named in the table.

use std::ops::Range;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{MAX_LEN, is_placeholder, text_of};
use crate::kind::Parsed;
use crate::kind::border::{after, before, is_word, run, run_back};
use crate::kind::sieve::Sieve;

/// Letters that a part of a credential is made of.
#[derive(Clone, Copy)]
enum Letters {
    Digits,
    Hex,
    Alphanumeric,
    /// Upper case and digits.
    Upper,
    /// RFC 4648, 5, and `_` besides.
    Base64Url,
    /// RFC 4648, 4.
    Base64,
    /// The alphabet of crypt(5).
    Crypt,
    /// Parameters of a password hash: `m=65536,t=3,p=4`.
    Parameters,
    /// RFC 6750, 2.1.
    Token68,
}

impl Letters {
    fn hold(self, byte: u8) -> bool {
        match self {
            Self::Digits => byte.is_ascii_digit(),
            Self::Hex => byte.is_ascii_hexdigit(),
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Base64Url => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
            Self::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='),
            Self::Crypt => byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/'),
            Self::Parameters => byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b',' | b'-'),
            Self::Token68 => byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte),
        }
    }
}

/// What follows a prefix.
#[derive(Clone, Copy)]
enum Part {
    /// As many letters as there are, at least and at most so many.
    Run(Letters, usize, usize),
    /// Exactly this.
    Literal(&'static str),
}

use Letters::{Alphanumeric, Base64, Base64Url, Crypt, Digits, Hex, Parameters, Token68, Upper};
use Part::{Literal, Run};

/// How a credential goes on behind its prefix.
enum Form {
    /// Parts one behind the other.
    Parts(&'static [Part]),
    /// As many runs of letters, at least and at most so long, with `$` or `:` between them.
    Hash(&'static [(Letters, usize, usize)]),
    /// The value behind the prefix alone is the credential.
    Behind(&'static [Part]),
    /// RFC 7519.
    Jwt,
    /// RFC 7468.
    Pem,
    /// RFC 7617: base64 of `user:password`.
    Basic,
}

/// What follows `$1$`, `$5$` and `$6$` in crypt(5): a salt, and a hash of so many letters.
const MD5_CRYPT: Form = Form::Hash(&[(Crypt, 0, 64), (Crypt, 22, 22)]);
const SHA256_CRYPT: Form = Form::Hash(&[(Crypt, 0, 64), (Crypt, 43, 43)]);
const SHA512_CRYPT: Form = Form::Hash(&[(Crypt, 0, 64), (Crypt, 86, 86)]);
const BCRYPT: Form = Form::Hash(&[(Digits, 2, 2), (Crypt, 53, 53)]);
/// The PHC string format: `$id$v=19$m=65536,t=3,p=4$salt$hash`.
const ARGON2: Form =
    Form::Hash(&[(Parameters, 1, 64), (Parameters, 1, 64), (Base64, 8, 128), (Base64, 16, 256)]);
const DJANGO: Form = Form::Hash(&[(Digits, 1, 9), (Alphanumeric, 1, 64), (Base64, 20, 128)]);
const AWS: Form = Form::Parts(&[Run(Upper, 16, 16)]);
const GITHUB: Form = Form::Parts(&[Run(Alphanumeric, 36, 255)]);
const GITLAB: Form = Form::Parts(&[Run(Base64Url, 20, 64)]);
const SLACK: Form = Form::Parts(&[Run(Base64Url, 10, 255)]);
const STRIPE: Form = Form::Parts(&[Run(Alphanumeric, 16, 255)]);

/// The forms by prefix; of two prefixes that fit at a place, the longer stands first.
const FORMS: &[(&str, Form)] = &[
    // Password hashes.
    ("$2a$", BCRYPT),
    ("$2b$", BCRYPT),
    ("$2x$", BCRYPT),
    ("$2y$", BCRYPT),
    ("$argon2id$", ARGON2),
    ("$argon2i$", ARGON2),
    ("$argon2d$", ARGON2),
    ("$1$", MD5_CRYPT),
    ("$apr1$", MD5_CRYPT),
    ("$5$rounds=", Form::Hash(&[(Digits, 1, 9), (Crypt, 0, 64), (Crypt, 43, 43)])),
    ("$5$", SHA256_CRYPT),
    ("$6$rounds=", Form::Hash(&[(Digits, 1, 9), (Crypt, 0, 64), (Crypt, 86, 86)])),
    ("$6$", SHA512_CRYPT),
    ("$y$", Form::Hash(&[(Crypt, 1, 16), (Crypt, 1, 86), (Crypt, 43, 43)])),
    ("$7$", SHA256_CRYPT),
    ("$scrypt$", Form::Hash(&[(Parameters, 1, 64), (Base64, 8, 128), (Base64, 20, 128)])),
    // passlib, with its own base64: `$pbkdf2-sha256$29000$salt$hash`.
    (
        "$pbkdf2",
        Form::Hash(&[(Parameters, 0, 10), (Parameters, 1, 32), (Crypt, 8, 128), (Crypt, 20, 128)]),
    ),
    ("$P$", Form::Parts(&[Run(Crypt, 31, 31)])),
    ("$H$", Form::Parts(&[Run(Crypt, 31, 31)])),
    ("{SSHA}", Form::Parts(&[Run(Base64, 32, 64)])),
    ("{SHA}", Form::Parts(&[Run(Base64, 28, 28)])),
    ("{SMD5}", Form::Parts(&[Run(Base64, 24, 64)])),
    ("{SSHA256}", Form::Parts(&[Run(Base64, 44, 128)])),
    ("{SSHA512}", Form::Parts(&[Run(Base64, 88, 160)])),
    // Django: `pbkdf2_sha256$600000$salt$hash`.
    ("pbkdf2_sha256$", DJANGO),
    ("pbkdf2_sha1$", DJANGO),
    // Werkzeug: `pbkdf2:sha256:600000$salt$hash`, `scrypt:32768:8:1$salt$hash`.
    (
        "pbkdf2:",
        Form::Hash(&[(Alphanumeric, 1, 10), (Digits, 1, 9), (Alphanumeric, 1, 64), (Hex, 40, 128)]),
    ),
    (
        "scrypt:",
        Form::Hash(&[
            (Digits, 1, 9),
            (Digits, 1, 4),
            (Digits, 1, 4),
            (Alphanumeric, 1, 64),
            (Hex, 128, 128),
        ]),
    ),
    // Keys and tokens by their standard.
    (PEM_BEGIN, Form::Pem),
    ("eyJ", Form::Jwt),
    ("Bearer ", Form::Behind(&[Run(Token68, 16, 4096)])),
    ("bearer ", Form::Behind(&[Run(Token68, 16, 4096)])),
    ("Basic ", Form::Basic),
    ("basic ", Form::Basic),
    // Keys and tokens by their vendor: Amazon, GitHub, GitLab, Slack, Stripe, Google, SendGrid, npm,
    // PyPI, Azure, Docker, Hugging Face, OpenAI, Anthropic, DigitalOcean, Shopify, HashiCorp, age.
    ("AKIA", AWS),
    ("ASIA", AWS),
    ("ABIA", AWS),
    ("ACCA", AWS),
    ("ghp_", GITHUB),
    ("gho_", GITHUB),
    ("ghu_", GITHUB),
    ("ghs_", GITHUB),
    ("ghr_", GITHUB),
    (
        "github_pat_",
        Form::Parts(&[Run(Alphanumeric, 22, 22), Literal("_"), Run(Alphanumeric, 59, 59)]),
    ),
    ("glpat-", GITLAB),
    ("gldt-", GITLAB),
    ("glrt-", GITLAB),
    ("glptt-", GITLAB),
    ("xoxa-", SLACK),
    ("xoxb-", SLACK),
    ("xoxe-", SLACK),
    ("xoxp-", SLACK),
    ("xoxr-", SLACK),
    ("xoxs-", SLACK),
    ("xapp-", SLACK),
    ("sk_live_", STRIPE),
    ("rk_live_", STRIPE),
    ("sk_test_", STRIPE),
    ("rk_test_", STRIPE),
    ("whsec_", Form::Parts(&[Run(Base64, 32, 64)])),
    ("AIza", Form::Parts(&[Run(Base64Url, 35, 35)])),
    ("ya29.", Form::Parts(&[Run(Base64Url, 30, 2048)])),
    ("GOCSPX-", Form::Parts(&[Run(Base64Url, 28, 28)])),
    ("SG.", Form::Parts(&[Run(Base64Url, 22, 22), Literal("."), Run(Base64Url, 43, 43)])),
    ("npm_", Form::Parts(&[Run(Alphanumeric, 36, 36)])),
    ("pypi-AgE", Form::Parts(&[Run(Base64Url, 50, 1024)])),
    ("AccountKey=", Form::Behind(&[Run(Base64, 88, 88)])),
    ("SharedAccessKey=", Form::Behind(&[Run(Base64, 44, 44)])),
    ("dckr_pat_", Form::Parts(&[Run(Base64Url, 27, 64)])),
    ("hf_", Form::Parts(&[Run(Alphanumeric, 34, 34)])),
    ("sk-ant-", Form::Parts(&[Run(Base64Url, 32, 255)])),
    ("sk-proj-", Form::Parts(&[Run(Base64Url, 32, 255)])),
    ("dop_v1_", Form::Parts(&[Run(Hex, 64, 64)])),
    ("shpat_", Form::Parts(&[Run(Hex, 32, 32)])),
    ("hvs.", Form::Parts(&[Run(Base64Url, 24, 255)])),
    ("AGE-SECRET-KEY-1", Form::Parts(&[Run(Upper, 58, 58)])),
];

/// The credential in `text` whose prefix is at `at`.
///
/// The span is the whole credential, except behind `Bearer`, `Basic` and the keys of a connection
/// string, where it is the value alone. A private key reaches to its end marker; where `text` ends
/// before it, to the end of `text`.
#[must_use]
#[inline]
pub fn find(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    let first = *text.get(at)?;
    let is_inside = || is_word(before(text, at)) && is_word(first);
    let is_start = || text.get(at..at + 2).is_some_and(|start| STARTS.may_hold(start));
    if is_start() && !is_inside() { of_forms(text, at) } else { None }
}

fn of_forms(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    let rest = &text[at..];
    let first = rest[0];
    let begins =
        |prefix: &str| prefix.as_bytes()[0] == first && rest.starts_with(prefix.as_bytes());
    FORMS.iter().filter(|(prefix, _)| begins(prefix)).find_map(|(prefix, form)| {
        let start = at + prefix.len();
        let behind = &text[start..text.len().min(start + MAX_LEN)];
        let span = match form {
            Form::Parts(parts) => at..start + length_of(parts, behind)?,
            Form::Hash(runs) => at..start + hash_length(runs, behind)?,
            Form::Behind(parts) => start..start + token_length(parts, behind)?,
            Form::Jwt => at..at + jwt_length(&text[at..text.len().min(at + MAX_LEN)])?,
            Form::Pem => at..start + pem_length(behind)?,
            Form::Basic => start..start + basic_length(behind)?,
        };
        let parsed = Parsed::strong(text_of(&text[span.clone()]));
        Some((span, parsed))
    })
}

/// What prefixes begin with: most words are refused by their first two letters.
static STARTS: Sieve = {
    let mut starts = Sieve::EMPTY;
    let mut form = 0;
    while form < FORMS.len() {
        let prefix = FORMS[form].0.as_bytes();
        starts = starts.with(&[prefix[0].to_ascii_lowercase(), prefix[1].to_ascii_lowercase()]);
        form += 1;
    }
    starts
};

/// The credential that `at` is the sixteenth in a row of letters, digits, dashes and underscores of:
/// they begin with its prefix, or stand behind one.
#[must_use]
pub fn find_around(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    let start = (at + 1).checked_sub(16)?;
    let head = &text[..start];
    let is_outside = |prefix: &&&str| {
        let prefix = prefix.as_bytes();
        prefix.last_chunk::<2>() == head.last_chunk::<2>() && head.ends_with(prefix)
    };
    find(text, start).or_else(|| find(text, start - OUTSIDE.iter().find(is_outside)?.len()))
}

/// Whether a prefix is where [`find_around`] looks for one, whatever follows it.
#[must_use]
pub fn could_be_around(text: &[u8], at: usize) -> bool {
    let Some(start) = (at + 1).checked_sub(16) else { return false };
    let begins = |(prefix, _): &(&str, Form)| text[start..].starts_with(prefix.as_bytes());
    FORMS.iter().any(begins) || is_behind(text, start)
}

/// Whether a row of letters and digits that begins at `start` stands behind a prefix that ends with a
/// sign.
#[must_use]
pub fn is_behind(text: &[u8], start: usize) -> bool {
    OUTSIDE.iter().any(|prefix| text[..start].ends_with(prefix.as_bytes()))
}

/// The prefixes that end with a sign: a row of letters and digits begins behind them.
const OUTSIDE: [&str; 9] = [
    "Bearer ",
    "bearer ",
    "Basic ",
    "basic ",
    "SG.",
    "ya29.",
    "hvs.",
    "AccountKey=",
    "SharedAccessKey=",
];

/// The private key in PEM in `text`, the first word of whose label is at `at`.
#[must_use]
pub fn find_pem(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    let head = text.get(..at)?.strip_suffix(PEM_BEGIN.as_bytes())?;
    find(text, head.len())
}

const PEM_BEGIN: &str = "-----BEGIN ";

/// How long `parts` are at the start of `text`, if a border is behind them.
fn length_of(parts: &[Part], text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for part in parts {
        let rest = &text[at..];
        at += match part {
            Run(letters, least, most) => run_of(rest, *letters, *least, *most)?,
            Literal(literal) => rest.starts_with(literal.as_bytes()).then_some(literal.len())?,
        };
    }
    (!is_word(after(text, at))).then_some(at)
}

/// How long `runs` and the signs between them are, if a border is behind them.
fn hash_length(runs: &[(Letters, usize, usize)], text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for (place, (letters, least, most)) in runs.iter().enumerate() {
        if place > 0 {
            at += matches!(after(text, at), b'$' | b':').then_some(1)?;
        }
        at += run_of(&text[at..], *letters, *least, *most)?;
    }
    (!is_word(after(text, at))).then_some(at)
}

/// How many of `letters` `text` begins with, `most` of them at the most.
fn run_of(text: &[u8], letters: Letters, least: usize, most: usize) -> Option<usize> {
    let length = run(&text[..text.len().min(most)], |byte| letters.hold(byte));
    (length >= least).then_some(length)
}

/// As [`length_of`], for what need not look like a token: it has a digit, and no sign of the end
/// of a sentence at its end.
fn token_length(parts: &[Part], text: &[u8]) -> Option<usize> {
    let length = length_of(parts, text)?;
    let length = length - run_back(&text[..length], |byte| byte == b'.');
    (text[..length].iter().any(u8::is_ascii_digit) && !is_placeholder(&text[..length]))
        .then_some(length)
}

/// How long the JWT is that `text` begins with: three parts, five where it is encrypted; the header
/// is an object that names its algorithm.
fn jwt_length(text: &[u8]) -> Option<usize> {
    let mut ends = [0usize; 5];
    let mut count = 0;
    let mut at = 0;
    for end in &mut ends {
        at += run(&text[at..], |byte| Base64Url.hold(byte));
        *end = at;
        count += 1;
        if after(text, at) != b'.' {
            break;
        }
        at += 1;
    }
    let header = &text[..ends[0]];
    let length = match count {
        5 if ends[4] > ends[3] + 1 => ends[4],
        3.. if ends[1] - ends[0] > 8 => ends[2],
        _ => return None,
    };
    let header = BASE64_URL.decode(header).ok()?;
    let names = |key: &[u8]| header.windows(key.len()).any(|window| window == key);
    (header.starts_with(b"{") && header.ends_with(b"}") && names(b"\"alg\"")).then_some(length)
}

const PEM_END: &[u8] = b"-----END ";

/// How long the rest of a PEM block is behind `-----BEGIN `, if a private key is in it.
fn pem_length(text: &[u8]) -> Option<usize> {
    let label = run(&text[..text.len().min(40)], |byte| byte.is_ascii_uppercase() || byte == b' ');
    let behind = text[label..].strip_prefix(b"-----")?;
    let is_private =
        text[..label].ends_with(b"PRIVATE KEY") || text[..label].ends_with(b"PRIVATE KEY BLOCK");
    if !is_private {
        return None;
    }
    let Some(end) = behind.windows(PEM_END.len()).position(|window| window == PEM_END) else {
        return Some(text.len());
    };
    let at = text.len() - behind.len() + end + PEM_END.len();
    let label = run(&text[at..], |byte| byte.is_ascii_uppercase() || byte == b' ');
    Some(at + label + run(&text[at + label..text.len().min(at + label + 5)], |byte| byte == b'-'))
}

/// How long the base64 is that `text` begins with, if it is that of a name and a password.
fn basic_length(text: &[u8]) -> Option<usize> {
    let length = run(&text[..text.len().min(1024)], |byte| Base64.hold(byte));
    let decoded = BASE64.decode(&text[..length]).ok()?;
    let is_pair = decoded.contains(&b':') && !decoded.iter().any(u8::is_ascii_control);
    (is_pair && std::str::from_utf8(&decoded).is_ok()).then_some(length)
}

/// RFC 4648, 4 and 5, padded or not.
const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse;
    use super::*;
    use crate::kind::testing::{canonical, is_strong, part};

    fn found(text: &str) -> Vec<&str> {
        (0..text.len()).filter_map(|at| part(text, find(text.as_bytes(), at))).collect()
    }

    /// Of RFC 7519, 3.1.
    const JWT: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4\
                       MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27\
                       uhbUJU1p1r_wW1gFWFOEjXk";

    /// From the documentation of AWS, the test vectors of `crypt_blowfish`, of SHA-crypt and of Argon2,
    /// and RFC 7519.
    const PUBLISHED: [&str; 6] = [
        "AKIAIOSFODNN7EXAMPLE",
        "ASIAIOSFODNN7EXAMPLE",
        "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8",
        "$argon2id$v=19$m=65536,t=2,p=1$gZiV/M1gPc22ElAH/Jh1Hw$CWOrkoo7oJBQ/iyh7uJ0LO2aLEfrHwTWllSAxT0zRno",
        JWT,
    ];

    #[test]
    fn published_examples_are_found_between_their_borders() {
        for secret in PUBLISHED {
            assert_eq!(is_strong(parse(secret.as_bytes())), Some(true), "{secret}");
            assert_eq!(canonical(parse(secret.as_bytes())).as_deref(), Some(secret));
            for text in [
                format!("jean:{secret}:19000:0"),
                format!("{{\"key\":\"{secret}\"}}"),
                format!("is {secret}."),
                format!("key={secret}"),
            ] {
                assert_eq!(found(&text), [secret], "{text}");
            }
        }
        assert_eq!(
            found("Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ["QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]
        );
        assert_eq!(found("Authorization: Bearer mF_9.B5f-4.1JqM.dCa"), ["mF_9.B5f-4.1JqM.dCa"]);
        let text =
            format!("AccountName=example;AccountKey={}==;Suffix=x", "Ab1+".repeat(21) + "Ab");
        assert_eq!(found(&text), [&text[31..119]]);
    }

    #[test]
    fn private_keys_reach_to_their_end() {
        let body = "MC4CAQAwBQYDK2VwBCIEIAAA\nAAAA\n";
        for label in
            ["PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]
        {
            let key = format!("-----BEGIN {label}-----\n{body}-----END {label}-----");
            assert_eq!(found(&format!("key: {key}\nnext")), [key]);
        }
        let cut = "-----BEGIN PRIVATE KEY-----\nMC4CAQ";
        assert_eq!(found(cut), [cut]);
        assert!(found("-----BEGIN CERTIFICATE-----\nMC4CAQ").is_empty());
        assert!(found("-----BEGIN PUBLIC KEY-----\nMC4CAQ").is_empty());
    }

    #[test]
    fn what_begins_alike_is_not_found() {
        for text in [
            "AKIAIOSFODNN7EXAMPL",
            "AKIAIOSFODNN7EXAMPLEX",
            "XAKIAIOSFODNN7EXAMPLE",
            "eyJhbGci",
            "eyJhIjoiYiJ9.eyJhIjoiYiJ9.c2ln",
            "$2a$05$short",
            "$5 and $6$ more",
            "Bearer authentication required",
            "Basic authentication",
            "SG.something",
            "npm_config_registry",
            "hf_hub",
            "sk_live_short",
        ] {
            assert!(found(text).is_empty(), "{text}: {:?}", found(text));
        }
    }

    #[test]
    fn a_long_row_leads_to_what_is_before_it() {
        for (text, secret) in [
            ("key AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
            ("Authorization: Bearer 0123456789abcdef", "0123456789abcdef"),
        ] {
            let row = text.rfind(' ').unwrap() + 15 + 1;
            assert_eq!(part(text, find_around(text.as_bytes(), row)), Some(secret), "{text}");
        }
        let key = "-----BEGIN RSA PRIVATE KEY-----";
        assert_eq!(part(key, find_pem(key.as_bytes(), 11)), Some(key));
        assert_eq!(find_pem(b"-----BEGIN CERTIFICATE-----", 11), None);
    }

    #[test]
    fn no_prefix_hides_a_longer_one() {
        for (index, (prefix, _)) in FORMS.iter().enumerate() {
            let hidden = FORMS[index + 1..].iter().find(|(other, _)| other.starts_with(prefix));
            assert!(hidden.is_none(), "{prefix}");
        }
        assert!(OUTSIDE.iter().all(|outside| FORMS.iter().any(|(prefix, _)| prefix == outside)));
    }

    fn letters(letters: Letters) -> Vec<u8> {
        // Padding stands at the end of base64 and nowhere else.
        (b'!'..=b'~').filter(|&b| letters.hold(b) && (b != b'=')).collect()
    }

    fn of_run((kind, least, most): (Letters, usize, usize)) -> BoxedStrategy<String> {
        let letter = prop::sample::select(letters(kind));
        prop::collection::vec(letter, least..=most.min(least + 20))
            .prop_map(|bytes| String::from_utf8(bytes).unwrap())
            .boxed()
    }

    /// What may follow a prefix, where it is no more than runs of letters.
    fn body(form: &'static Form) -> Option<BoxedStrategy<String>> {
        let (parts, sign): (Vec<_>, _) = match form {
            Form::Hash(runs) => (runs.iter().copied().map(of_run).collect(), "$"),
            Form::Parts(parts) => {
                let of_part = |part: &Part| match part {
                    Literal(literal) => Just((*literal).to_owned()).boxed(),
                    Run(letters, least, most) => of_run((*letters, *least, *most)),
                };
                (parts.iter().map(of_part).collect(), "")
            }
            _ => return None,
        };
        Some(parts.prop_map(move |parts| parts.join(sign)).boxed())
    }

    fn credential() -> impl Strategy<Value = String> {
        let forms = FORMS.iter().filter_map(|(prefix, form)| {
            Some(body(form)?.prop_map(move |body| format!("{prefix}{body}")))
        });
        prop::strategy::Union::new(forms)
    }

    /// Credentials as the documentation of their vendors and crypt(5) describe them.
    const DOCUMENTED: [&str; 20] = [
        "(AKIA|ASIA)[A-Z2-7]{16}",
        "gh[pousr]_[A-Za-z0-9]{36}",
        "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
        "glpat-[A-Za-z0-9_-]{20}",
        "xoxb-[0-9]{11}-[0-9]{12}-[A-Za-z0-9]{24}",
        "[sr]k_(live|test)_[A-Za-z0-9]{24}",
        "AIza[A-Za-z0-9_-]{35}",
        "GOCSPX-[A-Za-z0-9_-]{28}",
        "SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43}",
        "npm_[A-Za-z0-9]{36}",
        "hf_[A-Za-z]{34}",
        "dop_v1_[0-9a-f]{64}",
        "shpat_[0-9a-f]{32}",
        "\\$2[aby]\\$(0[4-9]|1[0-9])\\$[./A-Za-z0-9]{53}",
        "\\$1\\$[./A-Za-z0-9]{8}\\$[./A-Za-z0-9]{22}",
        "\\$5\\$(rounds=[1-9][0-9]{3,5}\\$)?[./A-Za-z0-9]{1,16}\\$[./A-Za-z0-9]{43}",
        "\\$6\\$(rounds=[1-9][0-9]{3,5}\\$)?[./A-Za-z0-9]{1,16}\\$[./A-Za-z0-9]{86}",
        "\\$y\\$j9T\\$[./A-Za-z0-9]{22}\\$[./A-Za-z0-9]{43}",
        "\\$argon2id\\$v=19\\$m=[1-9][0-9]{3,5},t=[1-9],p=[1-4]\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}",
        "pbkdf2_sha256\\$[1-9][0-9]{5}\\$[A-Za-z0-9]{22}\\$[A-Za-z0-9+/]{43}=",
    ];

    // None of these is read for its checksum.
    proptest! {
        #[test]
        fn every_documented_credential_is_itself(
            secret in prop::strategy::Union::new(
                DOCUMENTED.iter().map(|form| prop::string::string_regex(form).unwrap())),
            user in "[a-z]{1,12}", password in "[!-~]{4,16}", signature in "[A-Za-z0-9_-]{43}",
        ) {
            let url = base64::engine::general_purpose::URL_SAFE_NO_PAD;
            let jwt = format!(
                "{}.{}.{signature}",
                url.encode(r#"{"alg":"HS256","typ":"JWT"}"#),
                url.encode(format!(r#"{{"sub":"{user}"}}"#)),
            );
            for secret in [secret, jwt] {
                prop_assert_eq!(is_strong(parse(secret.as_bytes())), Some(true), "{}", secret);
                prop_assert_eq!(canonical(parse(secret.as_bytes())), Some(secret.clone()));
                let text = format!("key: \"{secret}\"");
                prop_assert_eq!(found(&text), [&*secret]);
            }
            let basic = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
            let header = format!("Authorization: Basic {basic}");
            prop_assert_eq!(found(&header), [&*basic]);
        }

        #[test]
        fn every_credential_of_a_form_is_found_whole(secret in credential()) {
            prop_assert_eq!(is_strong(parse(secret.as_bytes())), Some(true), "{}", secret);
            let text = format!("key \"{secret}\" there");
            let expected = 5..5 + secret.len();
            prop_assert_eq!(find(text.as_bytes(), 5).map(|f| f.0), Some(expected), "{}", secret);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(
            prefix in prop::sample::select(FORMS.iter().map(|(prefix, _)| *prefix).collect::<Vec<_>>()),
            body in "[a-zA-Z0-9$.,:=/@\"' \\\\é-]{0,60}", bytes in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let text = format!("{prefix}{body}");
            for text in [text.as_bytes(), &bytes] {
                for at in 0..=text.len() {
                    for found in [find(text, at), find_around(text, at), find_pem(text, at)] {
                        prop_assert!(found.is_none_or(|(span, _)| span.end <= text.len()));
                    }
                }
            }
        }
    }
}
