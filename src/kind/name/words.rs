//! The words around names, folded: titles, particles, and what no person's name holds.
//!
//! # Source
//! Forms of address by the EU Interinstitutional Style Guide; legal forms by ISO 20275 (ELF).

use crate::kind::sieve::Sieve;

/// What a word does beside names; several things, for some.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::kind) struct Role(u8);

impl Role {
    /// The role of a word as [`super::fold::Folded`] makes it; none of most words.
    pub(in crate::kind) fn of(folded: &[u8]) -> Self {
        if !SIEVE.may_hold(folded) {
            return Self::default();
        }
        let found = ROLES.binary_search_by(|(word, _)| word.as_bytes().cmp(folded));
        Self(found.map_or(0, |at| ROLES[at].1))
    }

    /// It stands before a name and is no part of it.
    pub(super) fn is_title(self) -> bool {
        self.0 & 1 != 0
    }

    /// A title that is also a letter, a word or a name: it counts with a full stop alone.
    pub(super) fn is_dotted_title(self) -> bool {
        self.0 & 2 != 0
    }

    /// It stands after a name.
    pub(super) fn is_suffix(self) -> bool {
        self.0 & 4 != 0
    }

    /// A small word inside names.
    pub(super) fn is_particle(self) -> bool {
        self.0 & 8 != 0
    }

    /// A place begins with it when the rest of the place is a name.
    pub(super) fn starts_place(self) -> bool {
        self.0 & 16 != 0
    }

    /// No name of a person holds it: legal forms, kinds of bodies, of places and of streets, words
    /// of the calendar, words that begin sentences.
    pub(in crate::kind) fn is_foreign(self) -> bool {
        self.0 & 32 != 0
    }
}

/// A set of folded words, sorted by bytes.
pub(in crate::kind) struct Words(&'static [&'static str], Sieve);

impl Words {
    /// The set of `words`, which are folded and sorted, none of them twice: a word out of order would
    /// not be found, so it does not compile.
    pub(in crate::kind) const fn sorted(words: &'static [&'static str]) -> Self {
        let (mut sieve, mut at) = (Sieve::EMPTY, 0);
        while at < words.len() {
            assert!(at == 0 || is_before(words[at - 1].as_bytes(), words[at].as_bytes()));
            sieve = sieve.with(words[at].as_bytes());
            at += 1;
        }
        Self(words, sieve)
    }

    /// `folded` is a word as [`super::fold::Folded`] makes it.
    pub(in crate::kind) fn contains(&self, folded: &[u8]) -> bool {
        let is_it = |word: &&str| word.as_bytes().cmp(folded);
        self.1.may_hold(folded) && self.0.binary_search_by(is_it).is_ok()
    }

    /// Panics where a word is not as it is looked up.
    #[cfg(test)]
    pub(in crate::kind) fn check(&self) {
        for word in self.0 {
            assert_eq!(super::fold::Folded::new(word).as_bytes(), word.as_bytes());
        }
    }
}

/// Whether `a` comes before `b`, by bytes; `Ord` cannot be asked in a constant.
const fn is_before(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() {
        if a[at] != b[at] {
            return a[at] < b[at];
        }
        at += 1;
    }
    a.len() < b.len()
}

/// Of the words that have a role.
static SIEVE: Sieve = {
    let (mut sieve, mut at) = (Sieve::EMPTY, 0);
    while at < ROLES.len() {
        sieve = sieve.with(ROLES[at].0.as_bytes());
        at += 1;
    }
    sieve
};

/// Folded words by bytes, each with its roles: 1 title, 2 title with a full stop alone, 4 suffix,
/// 8 particle, 16 start of a place, 32 no name's; sums of these.
#[rustfmt::skip]
static ROLES: &[(&str, u8)] = &[
    ("a", 8), ("aan", 8), ("ab", 32), ("abg", 3), ("abril", 32), ("abu", 8), ("academy", 32),
    ("accountant", 32), ("admin", 32), ("administrator", 32), ("adviser", 32), ("advisor", 32),
    ("ae", 32), ("af", 8), ("afoi", 32), ("ag", 32), ("agency", 32), ("agent", 32), ("agosto", 32),
    ("airlines", 32), ("airport", 32), ("al", 8), ("all", 32), ("alle", 32), ("als", 32),
    ("alt", 16), ("am", 8), ("an", 8), ("anak", 8), ("analyst", 32), ("and", 32), ("andere", 32),
    ("anh", 3), ("another", 32), ("any", 32), ("ao", 32), ("aout", 32), ("ap", 8), ("apr", 32),
    ("aprile", 32), ("aps", 32), ("architect", 32), ("are", 32), ("asa", 32), ("asbl", 32),
    ("asiakas", 32), ("asociados", 32), ("assistant", 32), ("associates", 32), ("associati", 32),
    ("association", 32), ("associes", 32), ("at", 8), ("attn", 32), ("atty", 1), ("auf", 40),
    ("aug", 32), ("aus", 32), ("authority", 32), ("aux", 32), ("av", 11), ("ave", 32),
    ("avec", 32), ("avenida", 32), ("avenue", 32), ("avril", 32), ("ayer", 32), ("ba", 7),
    ("bad", 16), ("banca", 32), ("banco", 32), ("bani", 8), ("bank", 32), ("banque", 32),
    ("bar", 8), ("barrio", 16), ("barrister", 32), ("bay", 3), ("bayan", 1), ("beach", 32),
    ("bei", 32), ("ben", 8), ("beng", 4), ("beste", 32), ("bin", 8), ("bint", 8), ("binti", 8),
    ("biologist", 32), ("bitte", 32), ("blvd", 32), ("bonjour", 32), ("borgo", 16), ("both", 32),
    ("boulevard", 32), ("br", 3), ("bridge", 32), ("broker", 32), ("bros", 32), ("brothers", 32),
    ("bsc", 4), ("bt", 4), ("bte", 8), ("building", 32), ("buonasera", 32), ("buongiorno", 32),
    ("bureau", 32), ("but", 32), ("buyer", 32), ("bv", 32), ("bvba", 32), ("cabo", 16),
    ("cafe", 16), ("calabro", 32), ("calle", 32), ("campo", 16), ("can", 32), ("canyon", 32),
    ("cape", 16), ("capt", 1), ("cara", 32), ("caro", 32), ("castel", 16), ("castello", 16),
    ("causeway", 32), ("cbe", 4), ("ce", 32), ("central", 16), ("ces", 32), ("cette", 32),
    ("cev", 3), ("chemin", 32), ("chemist", 32), ("cher", 32), ("chere", 32), ("chi", 3),
    ("chp", 32), ("chu", 32), ("cia", 32), ("ciao", 32), ("cic", 32), ("cidade", 32), ("cik", 1),
    ("citta", 32), ("city", 32), ("ciudad", 48), ("client", 32), ("cliente", 32), ("clientul", 32),
    ("clinic", 32), ("club", 16), ("co", 35), ("code", 32), ("col", 3), ("college", 32),
    ("colonia", 16), ("color", 32), ("colour", 32), ("commission", 32), ("committee", 32),
    ("compagnie", 32), ("company", 32), ("comuna", 16), ("consultant", 32), ("consulte", 32),
    ("consulting", 32), ("contact", 32), ("controller", 32), ("coop", 32), ("cooperative", 32),
    ("coordinator", 32), ("copyright", 32), ("cordialement", 32), ("corp", 32),
    ("corporation", 32), ("corso", 32), ("council", 32), ("county", 32), ("cpa", 4),
    ("crossing", 32), ("crossroad", 32), ("crossroads", 32), ("csc", 4), ("customer", 32),
    ("cv", 32), ("d", 24), ("da", 8), ("dal", 8), ("dalla", 8), ("dame", 3), ("danke", 32),
    ("dann", 32), ("dans", 32), ("das", 8), ("date", 32), ("dato", 1), ("datuk", 1), ("dds", 4),
    ("de", 8), ("dear", 32), ("dec", 32), ("december", 32), ("decembre", 32), ("degli", 8),
    ("dei", 8), ("del", 8), ("dela", 8), ("della", 8), ("delle", 8), ("den", 8),
    ("department", 32), ("der", 8), ("derevnya", 16), ("des", 8), ("desa", 16), ("designer", 32),
    ("developer", 32), ("dezember", 32), ("dhr", 1), ("di", 8), ("dicembre", 32),
    ("diciembre", 32), ("die", 32), ("diese", 32), ("dieser", 32), ("dieses", 32), ("dipl", 1),
    ("dipling", 1), ("director", 32), ("dis", 5), ("district", 32), ("dkfm", 1), ("dl", 3),
    ("dna", 1), ("dnul", 1), ("do", 12), ("doamna", 1), ("doc", 3), ("docteur", 1), ("doctor", 1),
    ("dolna", 16), ("dolni", 16), ("domnul", 1), ("domnule", 1), ("don", 3), ("dona", 3),
    ("donji", 16), ("dos", 8), ("dott", 1), ("dottor", 1), ("dottoressa", 1), ("dottssa", 1),
    ("dr", 1), ("dra", 1), ("drg", 1), ("drs", 1), ("drsc", 4), ("du", 8), ("dvm", 4), ("e", 8),
    ("each", 32), ("ead", 32), ("east", 16), ("ec", 3), ("edition", 32), ("editor", 32),
    ("ee", 32), ("eilen", 32), ("ein", 32), ("eine", 32), ("eireli", 32), ("el", 8), ("elle", 32),
    ("elles", 32), ("emilia", 32), ("employee", 32), ("encik", 1), ("enero", 32), ("eng", 3),
    ("enga", 1), ("engineer", 32), ("engr", 1), ("enligt", 32), ("enterprise", 32),
    ("enterprises", 32), ("eood", 32), ("epe", 32), ("er", 32), ("es", 32), ("escuela", 32),
    ("esq", 4), ("est", 32), ("estates", 32), ("estimada", 32), ("estimado", 32), ("et", 32),
    ("eu", 32), ("eurl", 32), ("ev", 32), ("every", 32), ("executive", 32), ("expressway", 32),
    ("extension", 32), ("extensions", 32), ("falls", 32), ("feb", 32), ("febbraio", 32),
    ("febrero", 32), ("februar", 32), ("february", 32), ("federation", 32), ("fevrier", 32),
    ("figli", 32), ("filhos", 32), ("filii", 32), ("fils", 32), ("first", 32), ("fop", 32),
    ("for", 32), ("fort", 16), ("foundation", 32), ("fr", 3), ("frau", 1), ("free", 32),
    ("freeway", 32), ("freres", 32), ("fri", 32), ("frk", 1), ("froken", 1), ("from", 32),
    ("fru", 1), ("fur", 32), ("g", 18), ("gardens", 32), ("gasse", 32), ("gbr", 32), ("gdin", 1),
    ("gdja", 1), ("geachte", 32), ("gen", 3), ("gennaio", 32), ("geologist", 32), ("gestern", 32),
    ("gie", 32), ("giugno", 32), ("gk", 32), ("gmbh", 32), ("gn", 1), ("gorna", 16),
    ("gornji", 16), ("gosp", 1), ("gospoda", 1), ("gospodin", 1), ("gospodja", 1), ("gospozha", 1),
    ("gp", 32), ("grand", 16), ("great", 16), ("groep", 32), ("gross", 16), ("group", 32),
    ("groupe", 32), ("grupo", 32), ("gruppe", 32), ("gruppo", 32), ("gtsa", 1), ("gzha", 1),
    ("h", 3), ("hajah", 1), ("haji", 1), ("hallo", 32), ("harbor", 32), ("harbors", 32),
    ("harbour", 32), ("hard", 32), ("has", 32), ("have", 32), ("he", 32), ("heer", 1), ("hei", 32),
    ("heights", 32), ("hej", 32), ("hello", 32), ("her", 32), ("hermanos", 32), ("herr", 1),
    ("herra", 1), ("herrn", 1), ("het", 8), ("heute", 32), ("hey", 32), ("hi", 32), ("hier", 32),
    ("highway", 32), ("his", 32), ("hj", 1), ("hjh", 1), ("hnos", 32), ("hoje", 32), ("hola", 32),
    ("holding", 32), ("holdings", 32), ("hon", 3), ("horni", 16), ("hospital", 32), ("hotel", 16),
    ("how", 32), ("hoy", 32), ("hr", 1), ("i", 40), ("ibn", 8), ("ich", 32), ("ichp", 32),
    ("idag", 32), ("ieri", 32), ("if", 32), ("ifolge", 32), ("igar", 32), ("ihr", 32), ("ii", 4),
    ("iii", 4), ("il", 32), ("ils", 32), ("im", 32), ("impasse", 32), ("in", 8), ("inc", 32),
    ("incorporated", 32), ("industrial", 32), ("industries", 32), ("ing", 3), ("inspector", 32),
    ("institut", 32), ("institute", 32), ("international", 32), ("intl", 32), ("into", 32),
    ("ip", 32), ("ir", 3), ("is", 32), ("isla", 16), ("island", 32), ("islands", 32),
    ("isle", 32), ("isles", 32), ("ist", 32), ("it", 32), ("its", 32), ("iv", 4), ("ja", 32),
    ("januar", 32), ("january", 32), ("janvier", 32), ("jd", 4), ("jnr", 4), ("journalist", 32),
    ("jr", 4), ("judr", 1), ("juillet", 32), ("juin", 32), ("jul", 32), ("juli", 32), ("july", 32),
    ("jun", 32), ("junction", 32), ("junctions", 32), ("junio", 32), ("jur", 3), ("just", 32),
    ("ka", 1), ("kaere", 32), ("kai", 32), ("kampung", 16), ("kara", 32), ("kbe", 4), ("kein", 32),
    ("keine", 32), ("kep", 3), ("kft", 32), ("kg", 32), ("kgaa", 32), ("kingdom", 32), ("kit", 32),
    ("kk", 32), ("klant", 32), ("klient", 32), ("klientka", 32), ("klkh", 16), ("km", 4),
    ("kos", 1), ("kota", 16), ("kp", 4), ("kumari", 1), ("kunde", 32), ("kunden", 32),
    ("kundin", 32), ("kundze", 1), ("kungas", 1), ("kyr", 1), ("kyria", 1), ("kyrios", 1),
    ("kyzy", 8), ("la", 8), ("laan", 32), ("laboratories", 32), ("labs", 32), ("lady", 1),
    ("lake", 16), ("lane", 32), ("las", 24), ("last", 32), ("laut", 32), ("lawyer", 32),
    ("laziale", 32), ("lda", 32), ("le", 8), ("lecturer", 32), ("les", 8), ("let", 32),
    ("leur", 32), ("leurs", 32), ("librarian", 32), ("library", 32), ("lic", 3), ("licda", 1),
    ("licence", 32), ("license", 32), ("lido", 32), ("liebe", 32), ("lieber", 32), ("ligure", 32),
    ("limited", 32), ("little", 16), ("llb", 4), ("llc", 32), ("llm", 4), ("llp", 32), ("lo", 8),
    ("logistics", 32), ("lord", 3), ("los", 24), ("lower", 16), ("lp", 32), ("lt", 1), ("ltd", 32),
    ("ltda", 32), ("ltee", 32), ("luglio", 32), ("m", 3), ("ma", 4), ("mac", 8), ("madame", 1),
    ("mademoiselle", 1), ("mag", 3), ("maggio", 32), ("mail", 32), ("maitre", 1), ("mak", 4),
    ("male", 16), ("mall", 32), ("man", 32), ("manager", 32), ("many", 32), ("marketing", 32),
    ("marz", 32), ("mayo", 32), ("mba", 4), ("mbe", 4), ("mbh", 32), ("md", 4), ("mddr", 1),
    ("me", 3), ("meadows", 32), ("med", 3), ("media", 32), ("mehr", 32), ("mei", 32),
    ("meneer", 1), ("meng", 4), ("merci", 32), ("mesto", 16), ("mevr", 1), ("mevrouw", 1),
    ("mfarm", 4), ("mgr", 1), ("miasto", 32), ("minas", 32), ("ministry", 32), ("miss", 3),
    ("mister", 1), ("mit", 32), ("mkom", 4), ("mlle", 1), ("mlles", 1), ("mm", 5), ("mme", 1),
    ("mmes", 1), ("model", 32), ("modern", 32), ("moin", 32), ("mon", 32), ("monday", 32),
    ("monsieur", 1), ("mont", 16), ("monte", 16), ("montes", 16), ("month", 32), ("more", 32),
    ("most", 32), ("mount", 16), ("mountain", 32), ("mountains", 32), ("mpd", 4), ("mr", 1),
    ("mrs", 1), ("ms", 1), ("msc", 4), ("mt", 16), ("mti", 4), ("mudr", 1), ("museum", 32),
    ("mvdr", 1), ("mw", 3), ("mx", 1), ("nach", 32), ("nat", 3), ("nein", 32), ("neu", 16),
    ("new", 16), ("ni", 8), ("nicht", 32), ("nieder", 16), ("nieuw", 16), ("night", 32),
    ("nizhny", 16), ("no", 32), ("non", 32), ("nord", 16), ("norte", 32), ("north", 16),
    ("nos", 32), ("not", 32), ("note", 32), ("notre", 32), ("nous", 32), ("nouveau", 16),
    ("nouvelle", 16), ("nov", 32), ("nova", 16), ("nove", 16), ("november", 32), ("novembre", 32),
    ("novi", 16), ("noviembre", 32), ("novo", 16), ("nowa", 16), ("nowy", 16), ("npo", 32),
    ("nueva", 16), ("nuevo", 16), ("nurse", 32), ("nv", 32), ("o", 40), ("oao", 32), ("obe", 4),
    ("ober", 16), ("occidente", 32), ("ocean", 32), ("och", 32), ("oct", 32), ("october", 32),
    ("octobre", 32), ("octubre", 32), ("oe", 32), ("of", 8), ("officer", 32), ("og", 32),
    ("oggi", 32), ("oglu", 12), ("ogly", 12), ("ogr", 1), ("ohg", 32), ("oi", 32), ("okt", 3),
    ("oktober", 32), ("ola", 32), ("old", 16), ("on", 32), ("ong", 35), ("ontem", 32), ("ood", 32),
    ("ooo", 32), ("op", 8), ("operator", 32), ("or", 32), ("oriente", 32), ("other", 32),
    ("ottavo", 16), ("ottobre", 32), ("ou", 8), ("oui", 32), ("ould", 8), ("our", 32),
    ("overpass", 32), ("oy", 32), ("oyj", 32), ("p", 16), ("paciente", 32), ("pack", 32),
    ("paeddr", 1), ("pan", 3), ("pani", 1), ("pao", 32), ("par", 32), ("para", 32),
    ("parkway", 32), ("partner", 32), ("partners", 32), ("patch", 32), ("patient", 32),
    ("patientin", 32), ("paziente", 32), ("pc", 32), ("per", 32), ("pharmacist", 32), ("phd", 4),
    ("phdr", 1), ("phil", 3), ("phuong", 32), ("physicist", 32), ("piazza", 32), ("pjsc", 32),
    ("place", 32), ("plains", 32), ("planner", 32), ("platz", 32), ("plaza", 32), ("plc", 32),
    ("please", 32), ("plein", 32), ("pllc", 32), ("plus", 32), ("podle", 32), ("ponas", 1),
    ("ponia", 1), ("por", 32), ("port", 16), ("porto", 16), ("pos", 16), ("pour", 32), ("pr", 1),
    ("praca", 32), ("practitioner", 32), ("prairie", 32), ("president", 32), ("private", 32),
    ("pro", 32), ("producer", 32), ("prof", 1), ("professeur", 1), ("professor", 1),
    ("programmer", 32), ("project", 32), ("province", 32), ("psychologist", 32), ("pt", 32),
    ("pty", 32), ("puan", 1), ("pueblo", 16), ("puerto", 16), ("pvt", 32), ("qizi", 12),
    ("quai", 32), ("quarto", 16), ("quinto", 16), ("quy", 1), ("rag", 3), ("rao", 32),
    ("rapids", 32), ("rd", 32), ("regards", 32), ("region", 32), ("representative", 32),
    ("republic", 32), ("rer", 3), ("researcher", 32), ("respectfully", 32), ("restaurant", 16),
    ("rev", 1), ("ridges", 32), ("rio", 16), ("rn", 4), ("rndr", 1), ("road", 32), ("roads", 32),
    ("root", 32), ("route", 32), ("rouva", 1), ("rua", 32), ("rue", 32), ("run", 32), ("s", 24),
    ("sa", 32), ("sab", 32), ("sacv", 32), ("saint", 16), ("sainte", 16), ("salentino", 32),
    ("salut", 32), ("same", 32), ("san", 16), ("sankt", 16), ("sans", 32), ("sant", 16),
    ("santa", 16), ("santo", 16), ("sao", 16), ("sardo", 32), ("sarl", 32), ("sas", 32),
    ("sasu", 32), ("sat", 32), ("saturday", 32), ("sayin", 1), ("sc", 32), ("sca", 32),
    ("school", 32), ("schule", 32), ("sci", 32), ("scientist", 32), ("scop", 32), ("scs", 32),
    ("se", 4), ("secondo", 32), ("secretary", 32), ("sector", 16), ("segun", 32), ("segundo", 32),
    ("selarl", 32), ("selo", 16), ("selon", 32), ("senhor", 1), ("senhora", 1), ("senor", 1),
    ("senora", 1), ("senorita", 1), ("sep", 32), ("sept", 32), ("september", 32),
    ("septembre", 32), ("septiembre", 32), ("series", 32), ("server", 32), ("service", 32),
    ("services", 32), ("servicios", 32), ("servicos", 32), ("sesto", 16), ("set", 32),
    ("settembre", 32), ("settimo", 16), ("sfarm", 4), ("sgt", 1), ("sgz", 4), ("sh", 4),
    ("she", 32), ("sheikh", 1), ("shell", 32), ("shoals", 32), ("shri", 1), ("si", 32),
    ("sie", 32), ("sig", 1), ("signe", 32), ("signed", 32), ("signor", 1), ("signora", 1),
    ("signorina", 1), ("sigra", 1), ("sikom", 4), ("sincerely", 32), ("sind", 32), ("sint", 16),
    ("sir", 1), ("size", 32), ("skom", 4), ("skyway", 32), ("sl", 32), ("sll", 32), ("slne", 32),
    ("slu", 32), ("smt", 1), ("snc", 32), ("snr", 4), ("sociedad", 32), ("societa", 32),
    ("societe", 32), ("software", 32), ("sohne", 32), ("solicitor", 32), ("soluciones", 32),
    ("solutions", 32), ("some", 32), ("sons", 32), ("sont", 32), ("south", 16), ("sp", 32),
    ("spa", 32), ("spd", 4), ("specialist", 32), ("springs", 32), ("spsi", 4), ("spt", 4),
    ("spzoo", 32), ("square", 32), ("squares", 32), ("sr", 5), ("sra", 1), ("sri", 1), ("srl", 32),
    ("srls", 32), ("sro", 32), ("srta", 1), ("ssos", 4), ("st", 20), ("stadt", 32), ("stara", 16),
    ("stary", 16), ("state", 32), ("states", 32), ("station", 32), ("ste", 16), ("stiftung", 32),
    ("stores", 32), ("straat", 32), ("strasse", 32), ("stravenue", 32), ("street", 32),
    ("streets", 32), ("studio", 32), ("such", 32), ("sud", 16), ("summit", 32), ("sun", 32),
    ("sunday", 32), ("super", 32), ("supervisor", 32), ("support", 32), ("sur", 32),
    ("surgeon", 32), ("systems", 32), ("szanowna", 32), ("szanowny", 32), ("szerint", 32),
    ("t", 8), ("ta", 32), ("tanaan", 32), ("te", 8), ("teacher", 32), ("team", 32),
    ("technician", 32), ("technik", 32), ("technologies", 32), ("technology", 32), ("tecla", 32),
    ("tegnap", 32), ("ten", 8), ("ter", 8), ("terme", 32), ("terrace", 32), ("territories", 32),
    ("territory", 32), ("tgk", 1), ("thang", 32), ("thanks", 32), ("that", 32), ("thd", 4),
    ("thdr", 1), ("the", 32), ("theater", 32), ("theatre", 32), ("their", 32), ("therapist", 32),
    ("these", 32), ("they", 32), ("this", 32), ("those", 32), ("throughway", 32), ("thu", 32),
    ("thursday", 32), ("time", 32), ("tinh", 32), ("tit", 3), ("to", 32), ("today", 32),
    ("tomorrow", 32), ("too", 32), ("toolkit", 32), ("tov", 32), ("tower", 32), ("trader", 32),
    ("trafficway", 32), ("trail", 32), ("translator", 32), ("travessa", 32), ("trust", 32),
    ("tuan", 1), ("tue", 32), ("tuesday", 32), ("tunnel", 32), ("turnpike", 32), ("uber", 32),
    ("ug", 32), ("ugyfel", 32), ("ulica", 32), ("ultra", 32), ("uly", 8), ("umbro", 32),
    ("una", 32), ("und", 32), ("underpass", 32), ("une", 32), ("union", 32), ("unions", 32),
    ("united", 32), ("univ", 3), ("universidad", 32), ("universitat", 32), ("universite", 32),
    ("university", 32), ("univprof", 1), ("unlimited", 32), ("unter", 16), ("upon", 32),
    ("upper", 16), ("user", 32), ("users", 32), ("uulu", 8), ("uzm", 1), ("v", 4), ("valley", 32),
    ("van", 8), ("vande", 8), ("vanden", 8), ("vander", 8), ("vchera", 32), ("ve", 8), ("vel", 8),
    ("velika", 16), ("velke", 16), ("veneto", 32), ("ver", 8), ("version", 32), ("veuillez", 32),
    ("via", 32), ("viaduct", 32), ("viale", 32), ("vieja", 16), ("viejo", 16), ("vila", 16),
    ("villa", 16), ("village", 32), ("villages", 32), ("villaggio", 16), ("ville", 48),
    ("vista", 32), ("volgens", 32), ("vom", 8), ("von", 8), ("vos", 32), ("votre", 32),
    ("vous", 32), ("was", 32), ("we", 32), ("wed", 32), ("wedlug", 32), ("wednesday", 32),
    ("week", 32), ("weg", 32), ("wenn", 32), ("were", 32), ("west", 16), ("what", 32),
    ("when", 32), ("where", 32), ("who", 32), ("why", 32), ("wieder", 32), ("wir", 32),
    ("with", 32), ("y", 8), ("year", 32), ("yes", 32), ("yesterday", 32), ("you", 32),
    ("your", 32), ("yrd", 1), ("z", 8), ("zakaznik", 32), ("zao", 32), ("zonen", 32), ("zoo", 32),
    ("zu", 8), ("zum", 8), ("zur", 8), ("בעמ", 32), ("ושות", 32), ("ابن", 8), ("ابو", 8),
    ("اقاي", 1), ("ال", 8), ("الاستاذ", 1), ("الاستاذه", 1), ("الانسه", 1), ("الدكتور", 1),
    ("الدكتوره", 1), ("السيد", 1), ("السيده", 1), ("المهندس", 1), ("بن", 8), ("بنت", 8),
    ("خانم", 1), ("دكتر", 1), ("شركه", 32), ("مجموعه", 32), ("مهندس", 1), ("موسسه", 32), ("ند", 8),
    ("و", 32), ("وابناوه", 32), ("क", 1), ("ड", 1), ("शर", 1), ("शरमत", 1), ("शरमन", 1),
    ("सशर", 1), ("ড", 1), ("পণডত", 1), ("ম", 1), ("મન", 1), ("શર", 1), ("શરમત", 1), ("શરમન", 1),
    ("நற", 1), ("คณ", 1), ("ดร", 1), ("นาง", 1), ("นางสาว", 1), ("นาย", 1), ("合同会社", 32),
    ("周一", 32), ("周三", 32), ("周二", 32), ("周五", 32), ("周六", 32), ("周四", 32), ("周日", 32),
    ("星期一", 32), ("星期三", 32), ("星期二", 32), ("星期五", 32), ("星期六", 32), ("星期四", 32), ("星期天", 32),
    ("星期日", 32), ("有限会社", 32), ("株式会社", 32), ("週一", 32), ("週三", 32), ("週二", 32), ("週五", 32),
    ("週六", 32), ("週四", 32), ("週日", 32), ("금요일", 32), ("목요일", 32), ("수요일", 32), ("월요일", 32),
    ("일요일", 32), ("토요일", 32), ("화요일", 32),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::name::fold::Folded;

    #[test]
    fn the_words_are_folded_and_sorted() {
        assert!(ROLES.is_sorted());
        for (word, roles) in ROLES {
            assert_eq!(Folded::new(word).as_bytes(), word.as_bytes());
            assert_eq!(Role::of(word.as_bytes()), Role(*roles));
        }
        assert_eq!(Role::of(b"dupont"), Role::default());
    }
}
