//! The words of addresses, folded as the words of names are.
//!
//! # Source
//! Universal Postal Union, addressing systems; USPS Publication 28, appendix C (suffixes); AFNOR
//! XP Z10-011 (French types of streets); the postal guides of the other countries.

use crate::kind::name::words::Words;

/// Words that make a street of the name beside them: French, English, Spanish and Portuguese,
/// Italian, German and Dutch, Slavic, Romanian, Baltic, Hungarian, Turkic, Greek, Arabic and
/// Persian, Vietnamese, Malay.
#[rustfmt::skip]
pub(in crate::kind) static STREETS: Words = Words::sorted(&[
    "al", "alameda", "aleea", "aleja", "aleje", "all", "allee", "allees", "alleya", "andador",
    "autopista", "av", "avd", "avda", "ave", "avenida", "avenue", "avinguda", "bd", "bdul",
    "beco", "bld", "blvd", "borgo", "boul", "boulevard", "bul", "bulevar", "bulevard",
    "bulevardul", "bulvar", "bulvari", "bulvaris", "cad", "cadde", "caddesi", "calea", "calle",
    "callejon", "calzada", "camino", "carrer", "carrera", "carretera", "cerrada", "cesta",
    "chacara", "chaussee", "chemin", "chowk", "circuito", "circunvalacion", "cl", "condominio",
    "continuacion", "contrada", "corso", "cours", "cra", "cres", "crescent", "cso", "ctra",
    "cuesta", "diagonal", "drive", "drumul", "duong", "esplanade", "estrada", "expressway",
    "fasor", "faubourg", "fbg", "frazione", "freeway", "gang", "gasse", "gatve", "gg",
    "glorieta", "gracht", "hameau", "highway", "hwy", "iela", "impasse", "incrocio", "indlela",
    "intrarea", "isitaladi", "jalan", "jiron", "jl", "jln", "k", "kade", "katu", "kej", "khu",
    "korut", "koz", "kra", "krt", "kuc", "kucasi", "kucha", "kuja", "laan", "ladeira", "lane",
    "largo", "leof", "leoforos", "lieudit", "ln", "localita", "lorong", "loteamento",
    "lotissement", "lungomare", "maantee", "mah", "mahallesi", "marg", "mnt", "motorway", "nab",
    "naberezhna", "naberezhnaya", "nagar", "nam", "namesti", "namestie", "ngo", "odos",
    "osiedle", "p", "parkway", "pasadizo", "pasaje", "paseo", "passeig", "peatonal", "per",
    "pereulok", "pho", "phuong", "piata", "piazza", "piazzale", "pje", "pkwy", "pl", "plac",
    "placa", "plateia", "platz", "plaza", "ple", "plein", "ploshcha", "ploshchad", "plza",
    "poghots", "polku", "pr", "praca", "privada", "prkt", "proezd", "prolongacion", "promenade",
    "prosp", "prospekt", "prospektas", "prospekti", "provulok", "pso", "pst", "puiestee", "pza",
    "quadra", "quai", "quan", "rambla", "rd", "recanto", "residencial", "retorno", "road",
    "rocade", "rodovia", "ronda", "rondo", "rotonda", "route", "rte", "rua", "rue", "ruelle",
    "salita", "sentier", "setany", "sh", "shose", "shosse", "singel", "sok", "sokagi", "sokak",
    "sos", "soseaua", "splaiul", "square", "steenweg", "str", "straat", "strada", "strasse",
    "street", "taman", "tanav", "ter", "tere", "terrace", "throughway", "tn", "torget", "torv",
    "transversal", "travesia", "travessa", "trg", "trida", "tupik", "turnpike", "u", "ul",
    "ulica", "ulice", "ulitsa", "umgwaqo", "urbanizacion", "ut", "utca", "utja", "uzviz",
    "venelle", "via", "viale", "vico", "vicolo", "viela", "villa", "vle", "vul", "vulitsya",
    "weg", "xa", "zac", "מבוא", "פרחוב", "רחוב", "שדרות", "بلوار", "جاده", "حي", "خ", "خيابان",
    "دوار", "شارع", "طريق", "كوچه", "نهج", "ซอย", "ถ", "ถนน",
]);

/// Words that make a street of the name before them when a number leads: the street suffixes of
/// the United States, and words that are streets as well as other things.
#[rustfmt::skip]
pub(super) static SIDES: Words = Words::sorted(&[
    "acceso", "aeroporto", "alley", "aly", "ampliacion", "anger", "annex", "arcade", "area",
    "aue", "baan", "bayou", "beach", "bend", "berg", "bluff", "bluffs", "bottom",
    "boulevard", "bourg", "branch", "bridge", "brook", "brooks", "burg", "burgs", "bypass",
    "camp", "campo", "canada", "canale", "canyon", "cape", "causeway", "center", "centers",
    "chase", "cir", "circle", "circles", "cite", "cliff", "cliffs", "clos", "close", "club",
    "colonia", "common", "commons", "conjunto", "corner", "corners", "corredor", "course",
    "court", "courts", "cove", "coves", "creek", "crest", "crossing", "crossroad", "crossroads",
    "ct", "curve", "dale", "dam", "damm", "dijk", "distrito", "divide", "dol", "domaine", "dr",
    "dreef", "drives", "eje", "esplanada", "esplanade", "estacao", "estate", "estates",
    "extension", "extensions", "fall", "falls", "favela", "fazenda", "feira", "ferme", "ferry",
    "field", "fields", "flat", "flats", "ford", "fords", "forest", "forge", "forges", "fork",
    "forks", "fort", "garden", "gardens", "gateway", "glen", "glens", "graben", "green",
    "greens", "grove", "groves", "harbor", "harbors", "haven", "heights", "hill", "hills",
    "hoeve", "hof", "hollow", "inlet", "island", "islands", "isle", "jardim", "junction",
    "junctions", "key", "keys", "knoll", "knolls", "lago", "lagoa", "lake", "lakes", "land",
    "landing", "light", "lights", "loaf", "lock", "locks", "lodge", "loop", "m", "mail", "mall",
    "manor", "manors", "markt", "meadow", "meadows", "mews", "mill", "mills", "mission",
    "montee", "morro", "mount", "mountain", "mountains", "nagar", "neck", "nucleo", "orchard",
    "oval", "overpass", "pad", "parada", "parade", "parc", "park", "parks", "parkways",
    "parque", "pass", "passage", "passarela", "path", "patio", "perivoj", "pike", "pine",
    "pines", "pl", "place", "plain", "plains", "plz", "point", "points", "port", "ports",
    "praia", "prairie", "prilaz", "pt", "put", "quay", "radial", "ramp", "ranch", "rapid",
    "rapids", "residence", "rest", "ridge", "ridges", "ring", "rione", "river", "roads", "row",
    "run", "setor", "shoal", "shoals", "shore", "shores", "sitio", "skyway", "spring",
    "springs", "spur", "spurs", "sq", "squares", "st", "station", "steeg", "steig", "stravenue",
    "stream", "streets", "stretto", "summit", "ter", "throughway", "trace", "track",
    "trafficway", "trail", "trailer", "trecho", "trevo", "trl", "tunnel", "ufer", "underpass",
    "union", "unions", "vale", "valley", "valleys", "vereda", "viaduct", "viaducto", "viaduto",
    "vial", "view", "views", "village", "villages", "ville", "vista", "voie", "walk", "walks",
    "wall", "way", "ways", "well", "wells", "xing", "zeile", "zone",
]);

/// Parts of a building and other marks inside an address.
#[rustfmt::skip]
pub(super) static UNITS: Words = Words::sorted(&[
    "ap", "apartamento", "apartment", "apo", "appartamento", "appartement", "appt", "apt",
    "apto", "b", "bajo", "bat", "batiment", "bina", "bl", "block", "blok", "bloque", "bn",
    "boite", "box", "bp", "bud", "budinok", "bus", "casa", "cedex", "cmr", "cs", "d", "daire",
    "depto", "dom", "dpo", "dpto", "dto", "edif", "edificio", "eg", "esc", "escalier", "et",
    "etage", "ext", "fl", "flat", "floor", "fpo", "h", "haus", "hinterhaus", "hno", "holding",
    "house", "imm", "immeuble", "int", "interior", "interno", "k", "kat", "kav", "km", "korp",
    "korpus", "kv", "kvartira", "lh", "local", "lok", "lokal", "lot", "m", "n", "no", "nr",
    "num", "number", "of", "oficina", "ofis", "og", "palazzo", "pf", "piano", "piso", "planta",
    "po", "pod", "portal", "postbus", "postfach", "psc", "pta", "puerta", "residence", "room",
    "rt", "rw", "sc", "scala", "scara", "ste", "stiege", "stock", "str", "stroenie", "studio",
    "suite", "tk", "torre", "tsa", "unit", "uss", "whg", "wohnung",
]);

/// How words end that are streets by themselves (`Goethestrasse`, `Kungsgatan`), longest first.
#[rustfmt::skip]
pub(super) static ENDINGS: [&str; 61] = [
    "boulevard", "bulevardi", "chaussee", "steenweg", "straede", "stranda", "strasse",
    "svingen", "bakken", "berget", "gracht", "kollen", "singel", "straat", "torget", "vollen",
    "allee", "dreef", "eggen", "flata", "gasse", "gatan", "gaten", "gatve", "grand", "hogda",
    "markt", "plads", "platz", "plein", "polku", "steeg", "steig", "stieg", "stien", "tanav",
    "vagen", "vegen", "veien", "alle", "baan", "damm", "gade", "gata", "iela", "kade", "katu",
    "kuja", "laan", "ring", "ufer", "utca", "vika", "hof", "pad", "roa", "str", "tie", "veg",
    "vej", "weg",
];

/// Words that numbers stand beside in dates and references.
#[rustfmt::skip]
pub(super) static MONTHS: Words = Words::sorted(&[
    "abril", "agosto", "alinea", "am", "annexe", "aout", "apr", "april", "aprile", "art",
    "article", "articles", "aug", "august", "augustus", "avril", "build", "chapitre", "chapter",
    "czerwca", "dec", "december", "decembre", "decret", "dez", "dezember", "dezembro",
    "dicembre", "diciembre", "enero", "feb", "febbraio", "febrero", "februar", "februari",
    "february", "fevereiro", "fevrier", "figure", "fri", "friday", "gennaio", "giugno", "gmt",
    "grudnia", "jan", "janeiro", "januar", "januari", "january", "janvier", "juillet", "juin",
    "jul", "julho", "juli", "julio", "july", "jun", "june", "junho", "juni", "junio",
    "kwietnia", "lipca", "listopada", "loi", "luglio", "lutego", "maart", "maggio", "mai",
    "maio", "maja", "mar", "marca", "march", "marco", "mars", "marz", "marzo", "may", "mayo",
    "mei", "mon", "monday", "nov", "november", "novembre", "novembro", "noviembre", "oct",
    "october", "octobre", "octubre", "oktober", "ottobre", "outubro", "page", "pages",
    "paragraphe", "pazdziernika", "pm", "release", "sat", "saturday", "section", "sep", "sept",
    "september", "septembre", "septiembre", "setembro", "settembre", "sierpnia", "stycznia",
    "sun", "sunday", "table", "thu", "thursday", "tue", "tuesday", "utc", "version", "wed",
    "wednesday", "wrzesnia",
]);

/// States, provinces and territories before a postcode: USPS, Canada Post, Australia Post.
#[rustfmt::skip]
pub(super) static STATES: Words = Words::sorted(&[
    "aa", "ab", "act", "ae", "ak", "al", "ap", "ar", "as", "az", "bc", "ca", "co", "ct", "dc",
    "de", "fl", "fm", "ga", "gu", "hi", "ia", "id", "il", "in", "ks", "ky", "la", "ma", "mb",
    "md", "me", "mh", "mi", "mn", "mo", "mp", "ms", "mt", "nb", "nc", "nd", "ne", "nh", "nj",
    "nl", "nm", "ns", "nsw", "nt", "nu", "nv", "ny", "oh", "ok", "on", "or", "pa", "pe", "pr",
    "pw", "qc", "qld", "ri", "sa", "sc", "sd", "sk", "tas", "tn", "tx", "ut", "va", "vi", "vic",
    "vt", "wa", "wi", "wv", "wy", "yt",
]);

/// Words that lead up to where somebody lives, or something is to be brought.
#[rustfmt::skip]
pub(super) static CUES: Words = Words::sorted(&[
    "abita", "address", "adres", "adresa", "adrese", "adress", "adresse", "adressen",
    "anschrift", "asuu", "bopael", "bor", "bosat", "bosatt", "bostad", "bydli", "bytem", "cim",
    "deliver", "demeurant", "direccion", "domicilie", "domiciliee", "domicilio", "endereco",
    "gevestigd", "habite", "indirizzo", "lever", "lieferadresse", "lives", "living", "livrer",
    "located", "mieszka", "mora", "morada", "moved", "osoite", "osoitteessa",
    "rechnungsadresse", "reside", "residence", "resides", "residing", "sede", "ship", "sidlo",
    "siedziba", "siege", "sis", "sise", "sitz", "vive", "wohnhaft", "wohnt", "woont",
    "zamieszkala", "zamieszkaly", "zije",
]);

/// Countries that may close an address, in their own and other languages.
#[rustfmt::skip]
pub(super) static COUNTRIES: Words = Words::sorted(&[
    "alemania", "allemagne", "argentina", "australia", "austria", "autriche", "belgie",
    "belgique", "belgium", "brasil", "brazil", "canada", "chile", "colombia", "danmark",
    "denmark", "deutschland", "england", "espagne", "espana", "finland", "fr", "france",
    "francia", "frankreich", "germania", "germany", "india", "ireland", "italia", "italie",
    "italien", "italy", "luxembourg", "mexico", "monaco", "nederland", "netherlands", "norge",
    "norway", "osterreich", "poland", "pologne", "polska", "portugal", "schweiz", "scotland",
    "spain", "spanien", "suisse", "suomi", "sverige", "svizzera", "sweden", "switzerland", "uk",
    "us", "usa", "wales",
]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_folded() {
        for words in [&STREETS, &SIDES, &UNITS, &MONTHS, &STATES, &CUES, &COUNTRIES] {
            words.check();
        }
    }
}
