//! Addresses of profiles: the page of one person at a social network or a code host.
//!
//! What comes in is a URL, with or without its scheme, or a handle; what goes out is the host and
//! the part of the path that names the person. Which hosts and paths those are is the table
//! `SITES`; a path that the site keeps for itself (`/login`, `/share`) is no profile. Whether a
//! page is a person's or a company's cannot be told from its address; where most of those that
//! people link to are not people's, the value is weak.
//!
//! # Source
//! RFC 3986 (URLs); RFC 7565 (`@name@host`); ISO 27729 (ORCID, its check digit: ISO/IEC 7064, MOD
//! 11-2).

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use super::border::{run, run_back};
use super::fold::{Word, listed};
use super::hash::WordHash;
use super::sieve::Sieve;
use super::{Parsed, trim};

/// The longest address worth reading.
const MAX_LEN: usize = 512;
/// The longest name at any of the sites, escapes included.
const MAX_NAME_LEN: usize = 120;

/// A site, or several that name their profiles alike, and where they have them. Lists are separated
/// by spaces.
struct Site {
    /// Without `www.` and its like; `=` marks another name of the host before it, which has the same
    /// accounts.
    hosts: &'static str,
    /// Whether a page of that path is nearly always a person's.
    owner: Owner,
    /// Steps joined by `/`: a word as it is, `*` a name, `#` a number; what is before them in a step
    /// (`@*`, `id#`) as it is. Behind `|` is the step that may follow a profile, and any may where
    /// none is named: what follows leads to a page of the same person. Behind `?` is the parameter of
    /// the query that names the profile.
    paths: &'static str,
    /// Steps in the place of a name that are none, besides those of [`RESERVED`].
    reserved: &'static str,
}

/// Whose the pages of a site are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// Nearly always a person's.
    Person,
    /// Often an organisation's or a project's.
    Anybody,
}

use Owner::{Anybody, Person};

const fn site(
    owner: Owner,
    hosts: &'static str,
    paths: &'static str,
    reserved: &'static str,
) -> Site {
    Site { hosts, owner, paths, reserved }
}

const SITES: &[Site] = &[
    site(Person, "linkedin.com", "in/*| pub/*|", ""),
    site(
        Person,
        "facebook.com =fb.com =fb.me",
        "people/*/#| profile.php?id=# *|posts",
        "profile.php people photo.php permalink.php story.php sharer.php tr photo posts",
    ),
    site(Person, "m.me", "*", ""),
    site(Person, "messenger.com", "t/*", ""),
    site(Person, "x.com =twitter.com", "*|status i/user/#", "i"),
    site(Person, "instagram.com =instagr.am", "*|p *|reel", ""),
    site(Person, "threads.net =threads.com", "@*|", ""),
    site(Person, "tiktok.com", "@*|", ""),
    site(Anybody, "youtube.com", "@*| user/*| channel/*| c/*|", ""),
    site(Person, "snapchat.com", "add/* @*", ""),
    site(Person, "t.me =telegram.me =telegram.dog", "*", "proxy addstickers socks iv"),
    site(Person, "wa.me =api.whatsapp.com", "# +# send?phone=# send?phone=+#", ""),
    site(Person, "reddit.com", "user/*| u/*|", "me"),
    site(Person, "xing.com", "profile/*|", ""),
    site(Person, "vk.com =vkontakte.ru", "id# *", "im albums wall dev video music"),
    site(Person, "ok.ru", "profile/#|", ""),
    site(Person, "weibo.com", "u/#", ""),
    site(Person, "bsky.app", "profile/*|", ""),
    site(Anybody, "medium.com", "@*|", ""),
    site(
        Anybody,
        "pinterest.com =pinterest.fr =pinterest.de =pinterest.es =pinterest.it =pinterest.co.uk",
        "*",
        "pin ideas today",
    ),
    site(Anybody, "soundcloud.com", "*", "discover stream you upload charts"),
    site(Person, "open.spotify.com", "user/*|", ""),
    site(Person, "steamcommunity.com", "id/*| profiles/#|", ""),
    site(Person, "twitch.tv", "*", "directory videos downloads turbo"),
    site(Person, "discord.com =discordapp.com", "users/#", ""),
    site(Person, "flickr.com", "people/*| photos/*|", "tags upload"),
    site(Person, "quora.com", "profile/*|", ""),
    site(Person, "researchgate.net", "profile/*|", ""),
    site(Person, "orcid.org", "*", ""),
    site(Person, "strava.com", "athletes/*|", ""),
    site(Person, "last.fm", "user/*|", ""),
    site(Person, "goodreads.com", "user/show/*|", ""),
    site(Person, "paypal.me", "*|", ""),
    site(Person, "onlyfans.com", "*", "my posts"),
    site(Anybody, "patreon.com", "*", "posts c"),
    site(Anybody, "about.me linktr.ee", "*", "discover"),
    site(
        Anybody,
        "github.com",
        "*",
        "orgs topics trending collections sponsors features issues pulls codespaces pricing \
         enterprise security customer-stories readme new organizations site gist",
    ),
    site(Anybody, "gist.github.com", "*", "discover starred forked"),
    site(Anybody, "gitlab.com", "*", "projects snippets -"),
    site(Anybody, "bitbucket.org", "*", "product repo"),
    site(Anybody, "codeberg.org", "*", "org repo"),
    site(
        Person,
        "stackoverflow.com es.stackoverflow.com pt.stackoverflow.com ru.stackoverflow.com \
         serverfault.com superuser.com askubuntu.com stackexchange.com",
        "users/#|",
        "",
    ),
    site(Person, "npmjs.com", "~*", ""),
    site(
        Anybody,
        "kaggle.com dev.to keybase.io",
        "*",
        "competitions datasets models code tags top t docs team",
    ),
    site(
        Person,
        "mastodon.social mastodon.online mstdn.social mas.to fosstodon.org hachyderm.io mamot.fr \
         piaille.fr chaos.social infosec.exchange",
        "@*| users/*|",
        "",
    ),
];

/// What no site gives as a name.
const RESERVED: &str = "about account accounts ads advertising api app apps auth blog business \
    careers contact cookies create dashboard developer developers dialog download events explore \
    favicon.ico feed groups hashtag help home index.html index.php intent invite jobs join joinchat \
    legal live login logout marketplace messages notifications oauth p pages plugins policies policy \
    press privacy reel reels register robots.txt s search settings share sharer signin signup \
    sitemap.xml static status stories support terms tos tv user watch web";

/// Where each host of the table is, with the name that canonical forms have for it.
static HOSTS: LazyLock<HashMap<&str, (&Site, &str), WordHash>> = LazyLock::new(|| {
    let mut hosts = HashMap::default();
    for site in SITES {
        let mut canonical = "";
        for host in site.hosts.split_ascii_whitespace() {
            let alias = host.strip_prefix('=');
            canonical = if alias.is_some() { canonical } else { host };
            hosts.insert(alias.unwrap_or(host), (site, canonical));
        }
    }
    hosts
});

/// Their names: nearly all addresses are of other hosts.
static NAMED: LazyLock<Sieve> =
    LazyLock::new(|| HOSTS.keys().fold(Sieve::EMPTY, |sieve, host| sieve.with(host.as_bytes())));

/// What stands before a host without naming another site: mobile and old pages. A language
/// (`fr.linkedin.com`, `de-de.facebook.com`) does so too.
const SUBDOMAINS: &str = "www m mobile old new web touch";

/// Parses the address of a profile, with or without a scheme, `www.` and whatever follows the
/// profile in it; or a handle, `@name` or `@name@example.social`, which is weak.
///
/// The canonical form is host and path in lower case, without `www.`, query, fragment and trailing
/// slash, percent escapes of letters resolved: `linkedin.com/in/jean-dupont`. Of a handle it is the
/// handle in lower case.
#[must_use]
pub fn parse(value: &[u8]) -> Option<Parsed> {
    let value = trim(value);
    if value.len() > MAX_LEN || value.len() < 3 {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?;
    if text.starts_with('@') {
        return handle(text);
    }
    address(without_scheme(text), without_scheme(text).len() < text.len())
}

/// Whether `value` could be an account somewhere: one word with a letter in it.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    let value = trim(value);
    (2..=MAX_LEN).contains(&value.len())
        && value.iter().any(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80)
        && !value.iter().any(u8::is_ascii_whitespace)
        && !matches!(value, b"null" | b"none" | b"n/a" | b"N/A" | b"NULL")
}

/// The address of a profile in `text` whose `://` ends with the slash at `slash`.
///
/// The span is the whole address with its scheme, query and fragment, without the signs of a
/// sentence behind it.
#[must_use]
pub fn find(text: &[u8], slash: usize) -> Option<(Range<usize>, Parsed)> {
    let scheme = text.get(..=slash)?.strip_suffix(b"://")?;
    let length = run_back(&scheme[scheme.len().saturating_sub(6)..], |b| b.is_ascii_alphabetic());
    let scheme = &scheme[scheme.len() - length..];
    let is_web = scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https");
    (is_web && could_be_profile(&text[slash + 1..]))
        .then(|| spanned(text, slash - 2 - length, slash + 1))?
}

/// Whether an address could be that of a profile which goes on with `text` behind its scheme: it is at a
/// host of the table, or is named as the fediverse names them. True of some others, too.
fn could_be_profile(text: &[u8]) -> bool {
    let text = &text[..text.len().min(MAX_LEN)];
    let Some(slash) = memchr::memchr(b'/', text) else { return false };
    let host = text[..slash].strip_suffix(b":443").unwrap_or(&text[..slash]);
    let is_below_named =
        || memchr::memchr(b'.', host).is_some_and(|dot| NAMED.may_hold(&host[dot + 1..]));
    text.get(slash + 1) == Some(&b'@') || NAMED.may_hold(host) || is_below_named()
}

fn spanned(text: &[u8], start: usize, host: usize) -> Option<(Range<usize>, Parsed)> {
    let window = &text[host..text.len().min(host + MAX_LEN)];
    let length = run(window, |b| IS_PART[usize::from(b)]);
    let length = length - run_back(&window[..length], |b| b".:!?]*".contains(&b));
    let address_text = std::str::from_utf8(&window[..length]).ok()?;
    Some((start..host + length, address(address_text, host > start)?))
}

/// The bytes that an address in a text goes on with.
static IS_PART: [bool; 256] = {
    let (mut table, mut at) = ([true; 256], 0);
    while at < 256 {
        let b = at as u8;
        table[at] = !(b.is_ascii_whitespace()
            || b.is_ascii_control()
            || matches!(b, b'"' | b'\'' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}')
            || matches!(b, b',' | b';' | b'(' | b')'));
        at += 1;
    }
    table
};

fn without_scheme(text: &str) -> &str {
    let is_scheme = |scheme: &&str| {
        scheme.is_empty()
            || scheme.eq_ignore_ascii_case("http:")
            || scheme.eq_ignore_ascii_case("https:")
    };
    text.split_once("//").filter(|(scheme, _)| is_scheme(scheme)).map_or(text, |(_, rest)| rest)
}

/// The profile at an address without scheme.
fn address(text: &str, has_scheme: bool) -> Option<Parsed> {
    let (host, rest) = text.split_once('/')?;
    let host = host.strip_suffix(":443").unwrap_or(host);
    if !host.is_ascii() || rest.is_empty() {
        return None;
    }
    let rest = rest.split('#').next()?;
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = path.trim_end_matches('/');
    let Some((site, host)) = site_of(Word::fold(host)?.as_str()) else {
        return has_scheme.then(|| of_the_fediverse(host, path))?;
    };
    let path = site.paths.split(' ').find_map(|pattern| site.profile(pattern, path, query))?;
    if host == "orcid.org" && !is_orcid(&path) {
        return None;
    }
    let canonical = format!("{host}/{path}");
    Some(if site.owner == Person { Parsed::strong(canonical) } else { Parsed::weak(canonical) })
}

/// A page that is named as Mastodon and others name profiles, at a host that is not in the table.
fn of_the_fediverse(host: &str, path: &str) -> Option<Parsed> {
    let name = path.strip_prefix('@')?.split('/').next()?;
    (is_host(host) && is_handle(name))
        .then(|| Parsed::weak(format!("{host}/@{name}").to_lowercase()))
}

/// The site that has `host`, which is in lower case, and the name of the host in canonical forms.
fn site_of(host: &str) -> Option<(&'static Site, &'static str)> {
    let of = |host: &str| HOSTS.get(host).copied();
    of(host).or_else(|| {
        let (label, rest) = host.split_once('.')?;
        let is_language = match label.as_bytes() {
            [a, b] => a.is_ascii_lowercase() && b.is_ascii_lowercase(),
            [_, _, b'-', _, _] => true,
            _ => false,
        };
        (is_language || listed(SUBDOMAINS, label)).then(|| of(rest))?
    })
}

impl Site {
    /// The path of the profile that `path` and `query` lead to, if they are as `pattern` says.
    fn profile(&self, pattern: &str, path: &str, query: &str) -> Option<String> {
        if let Some((expected, parameter)) = pattern.split_once('?') {
            let (key, expected_value) = parameter.split_once('=')?;
            let value = query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
            return (path == expected).then(|| self.step(expected_value, value?))?;
        }
        let (pattern, behind) = match pattern.split_once('|') {
            Some((pattern, behind)) => (pattern, Some(behind)),
            None => (pattern, None),
        };
        let mut steps = path.split('/');
        let mut profile = String::new();
        for expected in pattern.split('/') {
            if !profile.is_empty() {
                profile.push('/');
            }
            profile.push_str(&self.step(expected, steps.next()?)?);
        }
        let may_follow =
            |step| behind.is_some_and(|behind: &str| behind.is_empty() || behind == step);
        steps.next().is_none_or(may_follow).then_some(profile)
    }

    /// `step` in lower case, if it is as `expected` says: see [`Site::paths`].
    fn step(&self, expected: &str, step: &str) -> Option<String> {
        let (fixed, sort) = match expected.as_bytes().last()? {
            b'*' | b'#' => expected.split_at(expected.len() - 1),
            _ => (expected, ""),
        };
        let name = step
            .get(..fixed.len())
            .filter(|start| start.eq_ignore_ascii_case(fixed))
            .and_then(|_| step.get(fixed.len()..))?;
        match sort {
            "" => name.is_empty().then(|| fixed.to_owned()),
            "#" => {
                let is_number =
                    (1..=20).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_digit());
                // `wa.me/+33…` is `wa.me/33…`.
                is_number.then(|| format!("{}{name}", fixed.trim_start_matches('+')))
            }
            _ => {
                let name = unescaped(name).to_lowercase();
                let is_free = !listed(self.reserved, &name)
                    && (!fixed.is_empty() || !listed(RESERVED, &name));
                (is_name(&name) && is_free).then(|| format!("{fixed}{name}"))
            }
        }
    }
}

/// A name as sites allow them: letters of any script, digits and `. _ - +`, one of them no sign.
fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME_LEN
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '%' | '~'))
        && name.chars().any(char::is_alphanumeric)
}

/// `text` with its percent escapes resolved, if that makes it UTF-8; otherwise as it is.
fn unescaped(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let hex = |byte: &u8| char::from(*byte).to_digit(16);
        match (first, behind) {
            (b'%', [high, low, ..]) if hex(high).is_some() && hex(low).is_some() => {
                let code = hex(high).zip(hex(low)).map_or(0, |(high, low)| high * 16 + low);
                bytes.extend(u8::try_from(code));
                rest = &behind[2..];
            }
            _ => {
                bytes.push(first);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// `@name`, or `@name@host` of the fediverse.
fn handle(text: &str) -> Option<Parsed> {
    let mut parts = text[1..].splitn(2, '@');
    let name = parts.next()?;
    let host_fits = parts.next().is_none_or(is_host);
    (is_handle(name) && host_fits).then(|| Parsed::weak(text.to_lowercase()))
}

fn is_handle(name: &str) -> bool {
    (2..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
        && name.bytes().any(|b| b.is_ascii_alphanumeric())
        && !name.ends_with('.')
}

fn is_host(host: &str) -> bool {
    host.contains('.')
        && host.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
        && host.bytes().next_back().is_some_and(|b| b.is_ascii_alphabetic())
}

/// `0000-0002-1825-0097`: four groups of four, the last a check digit (ISO/IEC 7064, MOD 11-2).
fn is_orcid(text: &str) -> bool {
    let mut total = 0u32;
    let mut count = 0;
    for (place, byte) in text.bytes().enumerate() {
        let digit = match byte {
            b'-' if place % 5 == 4 => continue,
            b'0'..=b'9' if place % 5 != 4 => u32::from(byte - b'0'),
            b'x' if place == 18 => 10,
            _ => return false,
        };
        count += 1;
        total = if count == 16 { total + digit } else { (total + digit) * 2 % 11 };
    }
    count == 16 && text.len() == 19 && total % 11 == 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{canonical, is_strong, part, with_a_wrong_digit};
    use super::*;

    fn read(value: &str) -> Option<String> {
        canonical(parse(value.as_bytes()))
    }
    fn found(text: &str) -> Option<&str> {
        let slash = text.find("://").unwrap() + 2;
        part(text, find(text.as_bytes(), slash))
    }
    #[test]
    fn every_spelling_has_one_canonical_form() {
        for value in [
            "https://www.linkedin.com/in/jean-dupont/",
            "http://linkedin.com/in/Jean-Dupont?trk=public",
            "//linkedin.com/in/jean-dupont",
            "LinkedIn.com/in/jean-dupont#about",
            "https://fr.linkedin.com/in/jean-dupont/details/skills",
            "www.linkedin.com/in/jean%2Ddupont",
            " linkedin.com:443/in/jean-dupont\n",
        ] {
            assert_eq!(read(value).as_deref(), Some("linkedin.com/in/jean-dupont"), "{value}");
        }
    }

    #[test]
    fn each_site_has_its_paths() {
        for (value, profile) in [
            ("https://m.facebook.com/jean.dupont.7", "facebook.com/jean.dupont.7"),
            (
                "https://facebook.com/profile.php?sk=x&id=100000000000001",
                "facebook.com/100000000000001",
            ),
            (
                "https://www.facebook.com/people/Jean-Dupont/100001/",
                "facebook.com/people/jean-dupont/100001",
            ),
            ("https://mobile.twitter.com/jdupont/status/20", "x.com/jdupont"),
            ("https://x.com/jdupont", "x.com/jdupont"),
            ("https://instagram.com/jdupont/?hl=fr", "instagram.com/jdupont"),
            ("https://www.tiktok.com/@jdupont/video/1", "tiktok.com/@jdupont"),
            ("https://youtube.com/@jdupont", "youtube.com/@jdupont"),
            ("https://github.com/jdupont", "github.com/jdupont"),
            ("https://t.me/jdupont", "t.me/jdupont"),
            ("https://wa.me/33199001234?text=a", "wa.me/33199001234"),
            ("https://api.whatsapp.com/send?phone=+33199001234", "wa.me/33199001234"),
            ("https://old.reddit.com/user/jdupont/comments", "reddit.com/user/jdupont"),
            ("https://bsky.app/profile/jean.example.com", "bsky.app/profile/jean.example.com"),
            (
                "https://steamcommunity.com/profiles/76561197960265728",
                "steamcommunity.com/profiles/76561197960265728",
            ),
            ("https://stackoverflow.com/users/22656/jean-dupont", "stackoverflow.com/users/22656"),
            ("https://superuser.com/users/22656", "superuser.com/users/22656"),
            ("https://mastodon.social/@jean/109", "mastodon.social/@jean"),
            ("https://chaos.social/@jean", "chaos.social/@jean"),
            ("https://vk.com/id1", "vk.com/id1"),
            ("https://orcid.org/0000-0002-1825-0097", "orcid.org/0000-0002-1825-0097"),
            ("https://linkedin.com/in/h%C3%A9l%C3%A8ne-martin", "linkedin.com/in/hélène-martin"),
        ] {
            assert_eq!(read(value).as_deref(), Some(profile), "{value}");
        }
    }

    #[test]
    fn other_pages_are_refused() {
        for value in [
            "",
            "linkedin.com",
            "https://linkedin.com/",
            "https://linkedin.com/company/example",
            "https://linkedin.com/in/",
            "https://www.facebook.com/login",
            "https://www.facebook.com/sharer.php?u=x",
            "https://twitter.com/intent/tweet?text=a",
            "https://twitter.com/jdupont/lists",
            "https://instagram.com/p/abc",
            "https://github.com/jdupont/repository",
            "https://github.com/features",
            "https://wa.me/jean",
            "https://reddit.com/r/rust",
            "https://orcid.org/0000-0002-1825-0098",
            "https://notlinkedin.com/in/jean",
            "https://example.com/in/jean",
            "https://linkedin.com.example.com/in/jean",
            "example.com/@jean",
            "jean@example.com",
            "@",
            "@a b",
        ] {
            assert_eq!(read(value), None, "{value}");
        }
    }

    #[test]
    fn what_may_be_no_persons_is_weak() {
        let strong = |value: &str| is_strong(parse(value.as_bytes()));
        assert_eq!(strong("https://linkedin.com/in/jean"), Some(true));
        for value in [
            "https://github.com/jean",
            "https://youtube.com/@jean",
            "https://social.example.com/@jean",
            "@jdupont",
            "@jean@social.example.com",
        ] {
            assert_eq!(strong(value), Some(false), "{value}");
        }
        assert_eq!(read("@JDupont").as_deref(), Some("@jdupont"));
        assert!(is_shape(b"jdupont") && !is_shape(b"Jean Dupont") && !is_shape(b"n/a"));
    }

    #[test]
    fn addresses_are_found_between_their_borders() {
        for (text, value) in [
            (
                "see https://www.linkedin.com/in/jean?x=1#y.",
                "https://www.linkedin.com/in/jean?x=1#y",
            ),
            ("(https://x.com/jdupont)", "https://x.com/jdupont"),
            ("<a href=\"https://t.me/jdupont\">", "https://t.me/jdupont"),
            ("u=https://x.com/jdupont,https://x.com/other", "https://x.com/jdupont"),
        ] {
            assert_eq!(found(text), Some(value), "{text}");
        }
        assert_eq!(found("ftp://x.com/jdupont"), None);
        assert_eq!(found("https://example.com/jdupont"), None);
    }

    #[test]
    fn the_table_names_no_host_twice_and_every_path_names_somebody() {
        let written: usize =
            SITES.iter().map(|site| site.hosts.split_ascii_whitespace().count()).sum();
        assert_eq!(written, HOSTS.len());
        for site in SITES {
            assert!(site.paths.split(' ').all(|path| path.contains(['*', '#'])), "{}", site.hosts);
        }
        assert!(HOSTS.keys().all(|host| is_host(host) && host.len() <= 40));
    }

    proptest! {
        #[test]
        fn every_profile_of_the_table_is_read(
            site in 0..SITES.len(), name in "[a-z]{3}[a-z0-9]{5,12}", number in "[1-9][0-9]{6,10}",
        ) {
            for path in SITES[site].paths.split(' ') {
                let path = path.split('|').next().unwrap();
                let path = path.replace('*', &name).replace('#', &number);
                for host in SITES[site].hosts.split(' ').filter(|host| *host != "orcid.org") {
                    let host = host.trim_start_matches('=');
                    let once = read(&format!("https://www.{host}/{path}"));
                    prop_assert!(once.is_some(), "{host}/{path}");
                    prop_assert_eq!(&read(&format!("{}/{path}", host.to_uppercase())), &once);
                    let text = format!("see https://{host}/{path}!");
                    prop_assert_eq!(found(&text), Some(&text[4..text.len() - 1]));
                }
            }
        }

        #[test]
        fn every_profile_has_the_form_of_its_site(
            name in "[A-Z][a-z]{3,8}[0-9]{2,4}", number in "[1-9][0-9]{6,10}", tail in "|/|\\?x=1|#top",
        ) {
            let lower = name.to_lowercase();
            for (address, form) in [
                (format!("https://www.linkedin.com/in/{name}"), format!("linkedin.com/in/{lower}")),
                (format!("https://de.linkedin.com/in/{name}"), format!("linkedin.com/in/{lower}")),
                (format!("https://m.facebook.com/{name}"), format!("facebook.com/{lower}")),
                (format!("https://twitter.com/{name}"), format!("x.com/{lower}")),
                (format!("https://www.instagram.com/{name}"), format!("instagram.com/{lower}")),
                (format!("https://www.tiktok.com/@{name}"), format!("tiktok.com/@{lower}")),
                (format!("https://wa.me/{number}"), format!("wa.me/{number}")),
                (format!("https://github.com/{name}"), format!("github.com/{lower}")),
                (format!("https://stackoverflow.com/users/{number}"), format!("stackoverflow.com/users/{number}")),
                (format!("https://social.example.com/@{name}"), format!("social.example.com/@{lower}")),
            ] {
                let address = format!("{address}{tail}");
                prop_assert_eq!(read(&address), Some(form), "{}", address);
            }
            prop_assert_eq!(read(&format!("@{name}@example.social")), Some(format!("@{lower}@example.social")));
        }

        #[test]
        fn every_orcid_is_read_and_a_wrong_digit_refused(number in "000[09][0-9]{11}") {
            // ISO/IEC 7064, table 2: two to the power of the place, counted from the right.
            let digits = number.bytes().rev().map(|byte| u32::from(byte - b'0'));
            let sum: u32 = digits.zip(1..).map(|(digit, place)| digit * (1 << place)).sum();
            let check = char::from(b"0123456789X"[(12 - sum as usize % 11) % 11]);
            let address = format!(
                "orcid.org/{}-{}-{}-{}{check}", &number[..4], &number[4..8], &number[8..12], &number[12..]
            );
            prop_assert_eq!(read(&format!("https://{address}")), Some(address.to_lowercase()));
            for wrong in with_a_wrong_digit(&address) {
                prop_assert_eq!(read(&wrong), None);
            }
        }

        #[test]
        fn what_is_passed_over_is_no_profile(
            below in prop::sample::select(&["", "www.", "Old.", "fr.", "de-de.", "shop."][..]),
            host in prop::sample::select(HOSTS.keys().copied().collect::<Vec<_>>()),
            other in "[a-z]{1,6}\\.(com|example|me)",
            port in "(:443|:80)?",
            tail in "(@|in/|u/|user/|~|id)?[a-zA-Z0-9@/?=&#%.]{0,30}",
        ) {
            for host in [host, &host.to_uppercase(), &other] {
                let text = format!("https://{below}{host}{port}/{tail}");
                let (text, start) = (text.as_bytes(), "https://".len());
                let is_profile = spanned(text, 0, start).is_some();
                prop_assert!(!is_profile || could_be_profile(&text[start..]));
            }
        }

        #[test]
        fn any_text_is_read_without_a_panic(
            host in prop::sample::select(HOSTS.keys().copied().collect::<Vec<_>>()),
            tail in "[a-z0-9@/?=&#%é:.]{0,30}", bytes in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let text = format!("https://{host}/{tail}");
            for text in [text.as_bytes(), &bytes] {
                let _ = (parse(text), is_shape(text));
                for at in 0..=text.len() {
                    prop_assert!(find(text, at).is_none_or(|(span, _)| span.end <= text.len()));
                }
            }
        }
    }
}
