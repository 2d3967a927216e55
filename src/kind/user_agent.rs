//! User agents: what a program says of itself with a request. A browser's is one of the traits that
//! tell its user from others.
//!
//! # Source
//! RFC 9110, 10.1.5 (`product/version (comment)`); recital 30 GDPR (online identifiers).

use super::border::run;
use super::{Parsed, trim};

const MAX_LEN: usize = 1024;

/// What the user agent of a browser or of a system's own client begins with.
const PREFIXES: [&str; 4] = ["Mozilla/", "Opera/", "Dalvik/", "UCWEB/"];

/// Products that are programs and not somebody's browser, in lower case.
const TOOLS: &str = "curl wget python-requests python-urllib python-httpx go-http-client okhttp \
    java apache-httpclient axios node-fetch undici postmanruntime insomnia libwww-perl ruby faraday \
    guzzlehttp php php-soap httpie aiohttp dart winhttp cfnetwork lynx links w3m prometheus \
    kube-probe elb-healthchecker googlebot bingbot";

/// Parses a user agent, weak where it is not a browser's (`curl/8.5.0`, a crawler).
///
/// The canonical form is the value with single spaces.
#[must_use]
pub fn parse(value: &[u8]) -> Option<Parsed> {
    let value = trim(value);
    let is_plain = |byte: &u8| (b' '..0x7f).contains(byte) || *byte >= 0x80;
    if !(6..=MAX_LEN).contains(&value.len()) || !value.iter().all(is_plain) {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?;
    let (product, version) = text.split_once('/')?;
    let is_browser = PREFIXES.iter().any(|prefix| text.starts_with(prefix))
        && version.starts_with(|c: char| c.is_ascii_digit());
    let is_tool = || {
        let product = product.to_ascii_lowercase();
        TOOLS.split(' ').any(|tool| tool == product)
    };
    if !is_browser && !is_tool() {
        return None;
    }
    let canonical = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let is_somebodys = is_browser && text.contains('(') && !is_crawler(text);
    Some(if is_somebodys { Parsed::strong(canonical) } else { Parsed::weak(canonical) })
}

/// Whether `value` begins as a user agent does: a product, a slash, the digit of a version.
#[must_use]
pub fn is_shape(value: &[u8]) -> bool {
    let value = trim(value);
    let product = run(value, |byte| byte.is_ascii_alphanumeric() || b"-_. ".contains(&byte));
    (1..=40).contains(&product)
        && value.len() <= MAX_LEN
        && matches!(value[product..], [b'/', b'0'..=b'9', ..])
}

fn is_crawler(text: &str) -> bool {
    ["bot/", "Bot/", "bot;", "Bot;", "spider", "Spider", "crawler", "Crawler", "+http"]
        .iter()
        .any(|sign| text.contains(sign))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::testing::{canonical, is_strong};
    use super::*;

    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 \
                          (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
    const OPERA: &str = "Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.18";

    #[test]
    fn browsers_are_strong_and_programs_weak() {
        for value in [FIREFOX, SAFARI, OPERA] {
            assert_eq!(is_strong(parse(value.as_bytes())), Some(true), "{value}");
            assert_eq!(canonical(parse(value.as_bytes())).as_deref(), Some(value));
        }
        for value in [
            "curl/8.5.0",
            "Wget/1.21.4",
            "python-requests/2.32.3",
            "Go-http-client/2.0",
            "Mozilla/5.0",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        ] {
            assert_eq!(is_strong(parse(value.as_bytes())), Some(false), "{value}");
        }
        assert_eq!(canonical(parse(b" curl/8.5.0   x/1\n")).as_deref(), Some("curl/8.5.0 x/1"));
    }

    #[test]
    fn other_values_are_refused() {
        for value in ["", "Mozilla", "Mozilla Firefox", "text/html", "Mozilla/x (y)", "a/b", "-"] {
            assert_eq!(parse(value.as_bytes()), None, "{value}");
        }
        assert!(is_shape(b"MyApp/1.2 (Android 14)") && !is_shape(b"text/html") && !is_shape(b"/1"));
    }

    proptest! {
        #[test]
        fn every_browsers_comment_is_kept(
            system in "[A-Za-z0-9;:. _]{1,40}", version in "[0-9]{1,3}\\.[0-9]",
        ) {
            let agent = format!("Mozilla/5.0 ({system}) Gecko/20100101 Firefox/{version}");
            let expected = agent.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
            prop_assume!(!is_crawler(&agent));
            prop_assert_eq!(canonical(parse(agent.as_bytes())), Some(expected));
            prop_assert_eq!(is_strong(parse(agent.as_bytes())), Some(true));
        }

        #[test]
        fn every_version_of_a_browser_or_a_program_is_read(version in "[0-9]{1,3}(\\.[0-9]{1,4}){1,3}") {
            for (agent, strong) in [
                (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                          Gecko) Chrome/{version} Safari/537.36 Edg/{version}"), true),
                (format!("Opera/9.80 (X11; Linux i686) Presto/{version} Version/{version}"), true),
                (format!("Dalvik/{version} (Linux; U; Android 14; Pixel 8 Build/X)"), true),
                (format!("curl/{version}"), false),
                (format!("Go-http-client/{version}"), false),
            ] {
                prop_assert_eq!(is_strong(parse(agent.as_bytes())), Some(strong), "{}", agent);
                prop_assert_eq!(canonical(parse(agent.as_bytes())), Some(agent));
            }
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(
            tail in "[A-Za-z0-9/(). \"\\\\]{0,40}", bytes in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            let text = format!("\"Mozilla/{tail}");
            for text in [text.as_bytes(), &bytes] {
                let _ = (parse(text), is_shape(text));
            }
        }
    }
}
