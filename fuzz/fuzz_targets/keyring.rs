//! Key files and `LOUP_KEY`: what parses is written and read back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use loup::protect::keyring::Keyring;

fuzz_target!(|bytes: &[u8]| {
    let variable = std::str::from_utf8(bytes).ok().and_then(|v| Keyring::parse_variable(v).ok());
    for keyring in Keyring::parse(bytes).into_iter().chain(variable) {
        let again = Keyring::parse(keyring.to_toml().as_bytes()).expect("what was written");
        assert_eq!(again.active().0, keyring.active().0);
        assert_eq!(again.epochs().len(), keyring.epochs().len());
    }
});
