//! Credentials: what proves who someone is, and so is never kept in any form.
//!
//! Three sorts. What a vendor or a standard gives a prefix ([`find`]); the password of a URL
//! ([`find_in_url`]); and whatever stands behind a key such as `password=` ([`find_keyed`]), of which
//! nothing is known but its name, so that it is weak. The canonical form is the value itself: it is
//! dropped, not pseudonymised.
//!
//! # Source
//! RFC 7519 (JWT), RFC 7515 and RFC 7516 (its parts), RFC 7468 (PEM), RFC 3986, 3.2.1 (userinfo),
//! RFC 6750 and RFC 7617 (`Bearer`, `Basic`), RFC 2307 (`{SSHA}`), crypt(5) of libxcrypt, the PHC string
//! format, and the documentation of each vendor named in the table.

use std::ops::Range;

use super::border::{after, before, is_word, run, run_back};
use super::{Parsed, trim};

/// A bound on what is looked at behind a prefix: an RSA key of 16384 bits in PEM has 12.5 KiB.
const MAX_LEN: usize = 16 * 1024;

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
    /// The value behind the prefix alone is the credential.
    Behind(&'static [Part]),
    /// RFC 7519.
    Jwt,
    /// RFC 7468.
    Pem,
    /// RFC 7617: base64 of `user:password`.
    Basic,
}

/// A salt and a hash of crypt(5), the hash of so many letters.
macro_rules! crypt {
    ($hash:literal) => {
        Form::Parts(&[Run(Crypt, 0, 64), Literal("$"), Run(Crypt, $hash, $hash)])
    };
    (rounds $hash:literal) => {
        Form::Parts(&[
            Run(Digits, 1, 9),
            Literal("$"),
            Run(Crypt, 0, 64),
            Literal("$"),
            Run(Crypt, $hash, $hash),
        ])
    };
}

/// The PHC string format: `$id$v=19$m=65536,t=3,p=4$salt$hash`.
const ARGON2: Form = Form::Parts(&[
    Run(Parameters, 1, 64),
    Literal("$"),
    Run(Parameters, 1, 64),
    Literal("$"),
    Run(Base64, 8, 128),
    Literal("$"),
    Run(Base64, 16, 256),
]);
const BCRYPT: Form = Form::Parts(&[Run(Digits, 2, 2), Literal("$"), Run(Crypt, 53, 53)]);
/// `$pbkdf2-sha256$29000$salt$hash` of passlib, with its own base64.
const PBKDF2: Form = Form::Parts(&[
    Run(Parameters, 0, 10),
    Literal("$"),
    Run(Parameters, 1, 32),
    Literal("$"),
    Run(Crypt, 8, 128),
    Literal("$"),
    Run(Crypt, 20, 128),
]);
/// `pbkdf2_sha256$600000$salt$hash` of Django.
const DJANGO: Form = Form::Parts(&[
    Run(Digits, 1, 9),
    Literal("$"),
    Run(Alphanumeric, 1, 64),
    Literal("$"),
    Run(Base64, 20, 128),
]);
/// `pbkdf2:sha256:600000$salt$hash` of Werkzeug, and `scrypt:32768:8:1$salt$hash`.
const WERKZEUG: Form = Form::Parts(&[
    Run(Alphanumeric, 1, 10),
    Literal(":"),
    Run(Digits, 1, 9),
    Literal("$"),
    Run(Alphanumeric, 1, 64),
    Literal("$"),
    Run(Hex, 40, 128),
]);
const WERKZEUG_SCRYPT: Form = Form::Parts(&[
    Run(Digits, 1, 9),
    Literal(":"),
    Run(Digits, 1, 4),
    Literal(":"),
    Run(Digits, 1, 4),
    Literal("$"),
    Run(Alphanumeric, 1, 64),
    Literal("$"),
    Run(Hex, 128, 128),
]);
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
    ("$1$", crypt!(22)),
    ("$apr1$", crypt!(22)),
    ("$5$rounds=", crypt!(rounds 43)),
    ("$5$", crypt!(43)),
    ("$6$rounds=", crypt!(rounds 86)),
    ("$6$", crypt!(86)),
    (
        "$y$",
        Form::Parts(&[
            Run(Crypt, 1, 16),
            Literal("$"),
            Run(Crypt, 1, 86),
            Literal("$"),
            Run(Crypt, 43, 43),
        ]),
    ),
    ("$7$", crypt!(43)),
    (
        "$scrypt$",
        Form::Parts(&[
            Run(Parameters, 1, 64),
            Literal("$"),
            Run(Base64, 8, 128),
            Literal("$"),
            Run(Base64, 20, 128),
        ]),
    ),
    ("$pbkdf2", PBKDF2),
    ("$P$", Form::Parts(&[Run(Crypt, 31, 31)])),
    ("$H$", Form::Parts(&[Run(Crypt, 31, 31)])),
    ("{SSHA}", Form::Parts(&[Run(Base64, 32, 64)])),
    ("{SHA}", Form::Parts(&[Run(Base64, 28, 28)])),
    ("{SMD5}", Form::Parts(&[Run(Base64, 24, 64)])),
    ("{SSHA256}", Form::Parts(&[Run(Base64, 44, 128)])),
    ("{SSHA512}", Form::Parts(&[Run(Base64, 88, 160)])),
    ("pbkdf2_sha256$", DJANGO),
    ("pbkdf2_sha1$", DJANGO),
    ("pbkdf2:", WERKZEUG),
    ("scrypt:", WERKZEUG_SCRYPT),
    // Keys and tokens by their standard.
    ("-----BEGIN ", Form::Pem),
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

/// What every credential of a known form begins with, case and all: where one stands in a text, ask
/// [`find`].
pub const PREFIXES: [&str; FORMS.len()] = {
    let mut prefixes = [""; FORMS.len()];
    let mut index = 0;
    while index < FORMS.len() {
        prefixes[index] = FORMS[index].0;
        index += 1;
    }
    prefixes
};

/// Names of keys whose value is a credential, in lower case; words are joined by `_` here and by
/// anything or nothing in a text. Where one stands in a text in any case, ask [`find_keyed`].
pub const KEYS: [&str; 34] = [
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "client_secret",
    "secret_key",
    "token",
    "access_token",
    "refresh_token",
    "id_token",
    "auth_token",
    "bearer_token",
    "csrf_token",
    "api_key",
    "api_token",
    "access_key",
    "private_key",
    "secret_access_key",
    "auth_key",
    "encryption_key",
    "signing_key",
    "credentials",
    "mot_de_passe",
    "motdepasse",
    "mdp",
    "passwort",
    "kennwort",
    "contrasena",
    "senha",
    "wachtwoord",
    "haslo",
    "losenord",
];

/// Keys under which a number is a count (`max_token=4096`) and a short one a code.
const COUNTED: [&str; 2] = ["token", "tokens"];

/// What stands where a credential was or will be, in lower case.
const PLACEHOLDERS: &str = "null none nil undefined true false yes no empty unknown unset default redacted \
    removed masked hidden filtered omitted dropped encrypted hashed secret password \
    passwd token required optional missing invalid valid incorrect correct wrong expired \
    failed failure success changed updated rejected accepted string change reset";

/// Parses a credential: strong in one of the known forms; weak for whatever could be a password, so
/// this is only to be asked where the name of a field says that it is one.
///
/// Refused: a short value, and what stands in the place of one (`***`, `null`, `<redacted>`,
/// `${DB_PASSWORD}`).
#[must_use]
pub fn parse(value: &[u8]) -> Option<Parsed> {
    let value = trim(value);
    let is_known = |(span, _): &(Range<usize>, Parsed)| span.end == value.len();
    if let Some((_, parsed)) = find(value, 0).filter(is_known) {
        return Some(parsed);
    }
    is_secret(value).then(|| Parsed::weak(text_of(value)))
}

/// Whether `value` could be a password: what [`parse`] accepts.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    is_secret(trim(value))
}

/// The credential in `text` whose prefix, one of [`PREFIXES`], is at `at`.
///
/// The span is the whole credential, except behind `Bearer`, `Basic` and the keys of a connection
/// string, where it is the value alone. A private key reaches to its end marker; where `text` ends
/// before it, to the end of `text`.
#[must_use]
pub fn find(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    let rest = text.get(at..)?;
    if is_word(before(text, at)) && is_word(*rest.first()?) {
        return None;
    }
    FORMS.iter().filter(|(prefix, _)| rest.starts_with(prefix.as_bytes())).find_map(
        |(prefix, form)| {
            let start = at + prefix.len();
            let behind = &text[start..text.len().min(start + MAX_LEN)];
            let span = match form {
                Form::Parts(parts) => at..start + length_of(parts, behind)?,
                Form::Behind(parts) => start..start + token_length(parts, behind)?,
                Form::Jwt => at..at + jwt_length(&text[at..text.len().min(at + MAX_LEN)])?,
                Form::Pem => at..start + pem_length(behind)?,
                Form::Basic => start..start + basic_length(behind)?,
            };
            let parsed = Parsed::strong(text_of(&text[span.clone()]));
            Some((span, parsed))
        },
    )
}

/// The password in the URL whose `://` ends with the slash at `slash`: `b` in `https://a:b@example.com`.
#[must_use]
pub fn find_in_url(text: &[u8], slash: usize) -> Option<(Range<usize>, Parsed)> {
    if !text.get(..=slash)?.ends_with(b"://") {
        return None;
    }
    let start = slash + 1;
    let authority = &text[start..text.len().min(start + 1024)];
    let is_part = |byte: u8| !byte.is_ascii_whitespace() && !b"/?#\"'<>\\`".contains(&byte);
    let authority = &authority[..run(authority, is_part)];
    let border = authority.iter().rposition(|&sign| sign == b'@')?;
    let colon = authority[..border].iter().position(|&sign| sign == b':')?;
    let host = after(authority, border + 1);
    let password = &authority[colon + 1..border];
    // `http://example.com:80,jean@example.com` is a list.
    let port = run(password, |byte| byte.is_ascii_digit());
    let is_list = port > 0 && matches!(after(password, port), b',' | b';' | b')' | b'|');
    if !(host.is_ascii_alphanumeric() || host == b'[') || is_list || is_placeholder(password) {
        return None;
    }
    let span = start + colon + 1..start + border;
    Some((span, Parsed::strong(text_of(password))))
}

/// The value behind the key that is at `at`, one of [`KEYS`] in any case: `b` in `"password": "b"`.
///
/// The key may be the end of a longer one (`db_password`, `dbPassword`). Between key and value stand
/// a colon, an equals sign or `=>`, quotes and spaces; a value in quotes reaches to the closing one,
/// another to the next white space or sign of a list. Not found: a short word without digits or signs
/// that stands unquoted behind a colon and a space. Weak.
#[must_use]
pub fn find_keyed(text: &[u8], at: usize) -> Option<(Range<usize>, Parsed)> {
    let rest = text.get(at..)?;
    let (key, length) = KEYS
        .iter()
        .filter_map(|key| Some((*key, key_length(rest, key)?)))
        .max_by_key(|(_, length)| *length)?;
    let (previous, first) = (before(text, at), rest[0]);
    let is_camel = previous.is_ascii_lowercase() && first.is_ascii_uppercase();
    if previous.is_ascii_alphanumeric() && !is_camel {
        return None;
    }
    let start = value_start(text, at + length)?;
    let value = &text[start..start + value_length(text, start)];
    let is_count = COUNTED.contains(&key) && value.iter().all(u8::is_ascii_digit);
    // `password: required`, `token: Text`: a word behind a colon is prose more often than a password.
    let is_prose = text[..start].ends_with(b": ")
        && value.len() < 16
        && value.iter().all(u8::is_ascii_alphabetic);
    if is_count || is_prose || !is_secret(value) {
        return None;
    }
    Some((start..start + value.len(), Parsed::weak(text_of(value))))
}

/// How long `key` is at the start of `text`, where words are joined by `_`, `-`, a space or nothing.
fn key_length(text: &[u8], key: &str) -> Option<usize> {
    let mut at = 0;
    for expected in key.bytes() {
        let byte = after(text, at);
        if expected == b'_' {
            at += usize::from(matches!(byte, b'_' | b'-' | b' ' | b'.'));
        } else if byte.eq_ignore_ascii_case(&expected) {
            at += 1;
        } else {
            return None;
        }
    }
    (!is_word(after(text, at))).then_some(at)
}

/// Where the value starts behind a key that ends at `end`.
fn value_start(text: &[u8], end: usize) -> Option<usize> {
    let is_quote = |byte: u8| matches!(byte, b'"' | b'\'' | b'\\');
    let rest = &text[end..];
    let quotes = run(&rest[..rest.len().min(2)], is_quote);
    let spaces = run(&rest[quotes..], |byte| byte == b' ');
    let signs = run(&rest[quotes + spaces..], |byte| matches!(byte, b':' | b'=' | b'>'));
    // `token::from_bytes` is a path.
    let sign = &rest[quotes + spaces..][..signs];
    if !matches!(sign, b":" | b"=" | b":=" | b"=>") || spaces > 4 {
        return None;
    }
    let at = end + quotes + spaces + signs;
    let at = at + run(&text[at..], |byte| byte == b' ').min(4);
    Some(at + run(&text[at..text.len().min(at + 2)], is_quote))
}

/// How long the value at `start` is: to the quote before it, or to what ends a value without one.
fn value_length(text: &[u8], start: usize) -> usize {
    let window = &text[start..text.len().min(start + MAX_LEN)];
    let quote = before(text, start);
    if matches!(quote, b'"' | b'\'') {
        let is_escaped = before(text, start - 1) == b'\\';
        let length = closing_quote(window, quote, is_escaped);
        return length.unwrap_or_else(|| run(window, |byte| byte != quote));
    }
    let ends: &[u8] =
        if matches!(after(window, 0), b'[' | b'{') { b",;&\"'" } else { b",;&\"')]}" };
    run(window, |byte| !byte.is_ascii_whitespace() && !ends.contains(&byte))
}

/// Where the closing quote is; where the opening one is escaped, so is the closing one.
fn closing_quote(text: &[u8], quote: u8, is_escaped: bool) -> Option<usize> {
    if is_escaped {
        return text.windows(2).position(|pair| pair == [b'\\', quote]);
    }
    let mut is_behind_backslash = false;
    text.iter().position(|&byte| {
        let closes = byte == quote && !is_behind_backslash;
        is_behind_backslash = byte == b'\\' && !is_behind_backslash;
        closes
    })
}

/// Whether `value` could be a password or a key: four bytes or more, and no placeholder.
fn is_secret(value: &[u8]) -> bool {
    (4..=MAX_LEN).contains(&value.len()) && !is_placeholder(value)
}

/// Whether `value` stands where a credential was or will be: a word of the list, one character
/// over and over, something in angle, square or curly brackets, a variable.
fn is_placeholder(value: &[u8]) -> bool {
    let is_enclosed = |open: &[u8], close: &[u8]| value.starts_with(open) && value.ends_with(close);
    let Some(first) = value.first() else { return true };
    value.iter().all(|byte| byte == first)
        || is_enclosed(b"<", b">")
        || is_enclosed(b"[", b"]")
        || is_enclosed(b"{", b"}")
        || is_enclosed(b"%", b"%")
        || value.starts_with(b"${")
        || value.starts_with(b"$(")
        || is_enclosed(b"$", b"") && value[1..].iter().all(|b| b.is_ascii_uppercase() || *b == b'_')
        || value.iter().all(|byte| b"*xX.#-\xe2\x80\xa2".contains(byte))
        || PLACEHOLDERS.split(' ').any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
}

fn text_of(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

/// How long `parts` are at the start of `text`, if a border is behind them.
fn length_of(parts: &[Part], text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for part in parts {
        let rest = &text[at..];
        at += match part {
            Run(letters, least, most) => {
                let length = run(&rest[..rest.len().min(*most)], |byte| letters.hold(byte));
                (length >= *least).then_some(length)?
            }
            Literal(literal) => rest.starts_with(literal.as_bytes()).then_some(literal.len())?,
        };
    }
    (!is_word(after(text, at))).then_some(at)
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
    let header = base64(header)?;
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
    let decoded = base64(&text[..length])?;
    let is_pair = decoded.contains(&b':') && !decoded.iter().any(u8::is_ascii_control);
    (is_pair && std::str::from_utf8(&decoded).is_ok()).then_some(length)
}

/// What `text` is the base64 of, in either alphabet, padded or not (RFC 4648, 4 and 5).
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let padding = run_back(text, |byte| byte == b'=');
    let text = &text[..text.len() - padding];
    if text.is_empty() || text.len() % 4 == 1 || padding > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 3);
    for group in text.chunks(4) {
        let mut bits = 0u32;
        for &letter in group {
            let value = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'a'..=b'z' => letter - b'a' + 26,
                b'0'..=b'9' => letter - b'0' + 52,
                b'+' | b'-' => 62,
                b'/' | b'_' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(value);
        }
        let missing = 4 - group.len();
        let [_, whole @ ..] = (bits << (6 * missing)).to_be_bytes();
        bytes.extend_from_slice(&whole[..3 - missing]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{canonical, is_strong, part};
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        (0..text.len()).filter_map(|at| part(text, find(text.as_bytes(), at))).collect()
    }
    fn keyed(text: &str) -> Option<&str> {
        (0..text.len()).find_map(|at| part(text, find_keyed(text.as_bytes(), at)))
    }
    fn in_url(text: &str) -> Option<&str> {
        let slash = text.find("://").unwrap() + 2;
        part(text, find_in_url(text.as_bytes(), slash))
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
    fn passwords_of_urls_are_found() {
        for (text, password) in [
            ("https://jean:hunter2@example.com/x", "hunter2"),
            ("postgres://app:p%40ss:w0rd@[2001:db8::1]:5432/db", "p%40ss:w0rd"),
            ("redis://:hunter2@example.com", "hunter2"),
            ("jdbc:mysql://root:h@nter2@example.com?x", "h@nter2"),
        ] {
            assert_eq!(in_url(text), Some(password), "{text}");
        }
        for text in [
            "https://example.com:8080/@jean",
            "https://jean@example.com",
            "https://jean:***@example.com",
            "https://jean:${PASSWORD}@example.com",
            "https://jean:@example.com",
            "http://example.com:80,jean@example.com",
            "http://example.com:80 jean@example.com",
        ] {
            assert_eq!(in_url(text), None, "{text}");
        }
    }

    #[test]
    fn values_behind_keys_are_found() {
        for (text, value) in [
            ("password=hunter2", "hunter2"),
            ("user=jean&password=hunter2&x=1", "hunter2"),
            ("{\"password\": \"hunter 2, or\"}", "hunter 2, or"),
            ("{\\\"password\\\":\\\"hunter2\\\",\\\"a\\\":1}", "hunter2"),
            ("{\"pwd\":\"a\\\"bcd\"}", "a\\\"bcd"),
            ("DB_PASSWORD='hunter2'", "hunter2"),
            ("dbPassword: hunter2", "hunter2"),
            ("Api-Key: 0123456789abcdef", "0123456789abcdef"),
            ("accessToken => 0123456789abcdef,", "0123456789abcdef"),
            ("mot de passe : hunter2", "hunter2"),
            ("password: 12345678", "12345678"),
        ] {
            assert_eq!(keyed(text), Some(value), "{text}");
        }
        assert_eq!(is_strong(find_keyed(b"pwd=hunter2", 0).map(|f| f.1)), Some(false));
    }

    #[test]
    fn placeholders_and_counts_are_no_secrets() {
        for text in [
            "password=***",
            "password: null",
            "password=${DB_PASSWORD}",
            "password=$DB_PASSWORD",
            "password=<redacted>",
            "password=[FILTERED]",
            "password={{ password }}",
            "password: incorrect",
            "password=",
            "password=abc",
            "max_token=4096",
            "Failed password for root from 192.0.2.1",
            "passwords=hunter2",
            "mypassword=hunter2",
            "tokenizer=hunter2",
            "password reset required: please",
            "password: something",
            "token::from_bytes(a)",
            "secret == other1",
        ] {
            assert_eq!(keyed(text), None, "{text}");
        }
        for value in ["", "abc", "null", "TRUE", "********", "xxxx", "••••", "%PASSWORD%"] {
            assert_eq!(parse(value.as_bytes()), None, "{value}");
            assert!(!is_shape(value.as_bytes()), "{value}");
        }
        assert_eq!(is_strong(parse(b"hunter2")), Some(false));
    }

    #[test]
    fn no_prefix_hides_a_longer_one_and_keys_are_folded() {
        for (index, prefix) in PREFIXES.iter().enumerate() {
            let hidden = PREFIXES[index + 1..].iter().find(|other| other.starts_with(prefix));
            assert_eq!(hidden, None, "{prefix}");
        }
        assert!(KEYS.iter().all(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')));
    }

    fn letters(letters: Letters) -> Vec<u8> {
        // Padding stands at the end of base64 and nowhere else.
        (b'!'..=b'~').filter(|&b| letters.hold(b) && (b != b'=')).collect()
    }

    fn of_parts(parts: &'static [Part]) -> impl Strategy<Value = String> {
        let parts = parts.iter().map(|part| match part {
            Literal(literal) => Just((*literal).to_owned()).boxed(),
            Run(kind, least, most) => {
                let letter = prop::sample::select(letters(*kind));
                prop::collection::vec(letter, *least..=(*most).min(least + 20))
                    .prop_map(|bytes| String::from_utf8(bytes).unwrap())
                    .boxed()
            }
        });
        parts.collect::<Vec<_>>().prop_map(|parts| parts.concat())
    }

    fn credential() -> impl Strategy<Value = String> {
        let forms = FORMS.iter().filter_map(|(prefix, form)| match form {
            Form::Parts(parts) => {
                Some(of_parts(parts).prop_map(move |body| format!("{prefix}{body}")))
            }
            _ => None,
        });
        prop::strategy::Union::new(forms)
    }

    proptest! {
        #[test]
        fn every_credential_of_a_form_is_found_whole(secret in credential()) {
            prop_assert_eq!(is_strong(parse(secret.as_bytes())), Some(true), "{}", secret);
            let text = format!("key \"{secret}\" there");
            let expected = 5..5 + secret.len();
            prop_assert_eq!(find(text.as_bytes(), 5).map(|f| f.0), Some(expected), "{}", secret);
        }

        #[test]
        fn every_password_behind_a_key_is_found(
            key in prop::sample::select(KEYS.to_vec()), value in "[a-z]{3,10}[0-9!?]{2,6}",
        ) {
            for text in [
                format!("{key}={value}"),
                format!("{}: {value}", key.to_uppercase()),
                format!("\"{key}\":\"{value}\""),
            ] {
                prop_assert_eq!(keyed(&text), Some(&value[..]), "{}", text);
            }
        }

        #[test]
        fn base64_is_read(bytes in prop::collection::vec(any::<u8>(), 1..20)) {
            const ALPHABET: &[u8] =
                b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let mut written = Vec::new();
            for group in bytes.chunks(3) {
                let bits = group.iter().fold(0u32, |bits, &b| bits << 8 | u32::from(b));
                let bits = bits << (8 * (3 - group.len()));
                for letter in 0..=group.len() {
                    written.push(ALPHABET[(bits >> (18 - 6 * letter) & 63) as usize]);
                }
            }
            prop_assert_eq!(base64(&written), Some(bytes));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(
            prefix in prop::sample::select(PREFIXES.iter().chain(&KEYS).copied().collect::<Vec<_>>()),
            body in "[a-zA-Z0-9$.,:=/@\"' \\\\é-]{0,60}", bytes in prop::collection::vec(any::<u8>(), 0..60),
        ) {
            let text = format!("{prefix}{body}");
            let url = format!("x://{body}");
            for text in [text.as_bytes(), url.as_bytes(), &bytes] {
                let _ = (parse(text), is_shape(text));
                for at in 0..=text.len() {
                    for found in [find(text, at), find_in_url(text, at), find_keyed(text, at)] {
                        prop_assert!(found.is_none_or(|(span, _)| span.end <= text.len()));
                    }
                }
            }
        }
    }
}
