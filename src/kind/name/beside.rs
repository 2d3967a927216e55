//! The words beside names in running text: what leads up to them, what begins a sentence before
//! them, and which small words are parts of them.

use super::words::Words;

/// Words before a name that say that one follows.
pub(super) static LABELS: Words = Words::sorted(&[
    "a",
    "ad",
    "al",
    "attn",
    "aux",
    "beste",
    "bonjour",
    "bonsoir",
    "by",
    "cara",
    "caro",
    "cher",
    "chere",
    "ciao",
    "contact",
    "contacter",
    "de",
    "dear",
    "door",
    "estimada",
    "estimado",
    "from",
    "geachte",
    "hallo",
    "hei",
    "hej",
    "hello",
    "hi",
    "hola",
    "liebe",
    "lieber",
    "naam",
    "name",
    "nom",
    "nombre",
    "nome",
    "ola",
    "par",
    "por",
    "prenom",
    "salut",
    "signe",
    "signed",
    "to",
    "von",
    "witaj",
    "with",
]);

/// Words that begin sentences before names, and are names, initials or letters themselves: `Ring
/// Birgitta Gustavsson`, `Z Anna Kowalska`.
pub(super) static STARTERS: Words = Words::sorted(&[
    "according",
    "appeler",
    "appelez",
    "ask",
    "bel",
    "bellen",
    "call",
    "chiamare",
    "chiami",
    "com",
    "con",
    "dla",
    "email",
    "enligt",
    "for",
    "fraga",
    "fur",
    "kontakta",
    "laut",
    "ligue",
    "llama",
    "llamar",
    "llame",
    "mail",
    "mailto",
    "med",
    "meet",
    "mit",
    "namens",
    "od",
    "para",
    "per",
    "phone",
    "pour",
    "pro",
    "ring",
    "ruf",
    "s",
    "schrijf",
    "scriva",
    "se",
    "secondo",
    "segun",
    "selon",
    "skriv",
    "soita",
    "spor",
    "spreek",
    "tell",
    "text",
    "volejte",
    "volgens",
    "vraag",
    "z",
    "zadzwon",
    "ze",
]);

/// Titles that some languages write in small letters.
pub(super) static LOWER_TITLES: Words = Words::sorted(&[
    "dhr",
    "doctor",
    "doktor",
    "don",
    "dona",
    "dr",
    "dra",
    "fru",
    "gospa",
    "gospod",
    "heer",
    "herr",
    "herra",
    "hr",
    "madame",
    "mademoiselle",
    "meneer",
    "mevr",
    "mevrouw",
    "monsieur",
    "mr",
    "mrs",
    "mw",
    "pan",
    "pana",
    "pani",
    "prof",
    "professeur",
    "professor",
    "rouva",
    "senhor",
    "senhora",
    "senor",
    "senora",
    "sig",
    "signor",
    "signora",
    "sr",
    "sra",
]);

/// Particles that join two parts of one name; `und` and `y` mostly join two persons.
pub(super) static INNER: Words = Words::sorted(&[
    "aan", "abu", "af", "al", "ben", "bin", "bint", "d", "da", "dal", "dalla", "das", "de",
    "degli", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "el", "het", "ibn",
    "la", "las", "le", "los", "op", "t", "te", "ten", "ter", "van", "vom", "von", "zu",
]);

/// Of these, the ones that are nothing else in their languages.
pub(super) static FAMILY: Words =
    Words::sorted(&["bin", "den", "der", "ibn", "ten", "ter", "van", "von"]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_folded() {
        for words in [&LABELS, &STARTERS, &LOWER_TITLES, &INNER, &FAMILY] {
            words.check();
        }
    }
}
