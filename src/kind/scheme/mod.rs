//! Identifiers that states, and registers under their law, give to people and organisations.
//!
//! What comes in is one value; what goes out is its [`Compact`] form under a [`Scheme`], or nothing.
//! A scheme is data: the written forms of its numbers ([`Shape`]), a check of what digits and dates
//! must be, and the share of random values that pass it. A country is one file, a method of check
//! digits one function in `check`. Nothing here reads a clock, so a birth in the future passes.

mod at;
mod au;
mod be;
mod bg;
mod bic;
mod br;
mod ca;
mod ch;
mod check;
mod cn;
mod cy;
mod cz;
mod date;
mod de;
mod dk;
mod ee;
mod es;
mod eu;
mod fi;
pub mod fr;
mod gb;
mod gr;
mod hr;
mod hu;
mod icao;
mod ie;
mod in_;
mod is_;
mod it;
mod kr;
mod lei;
mod lt;
mod lu;
mod lv;
mod mt;
mod mx;
mod nl;
mod no;
mod passport;
mod pl;
mod pt;
mod ro;
mod se;
mod shape;
mod si;
mod spelling;
mod tr;
mod us;
mod za;

#[cfg(test)]
mod tests;

pub(super) use date::is_date;
pub use icao::find as find_mrz;
use shape::MAX_LEN;
pub use shape::{Compact, Shape};
pub use spelling::Spelling;

use super::{Canonical, Parsed, Region, Strength};

/// Whom the numbers of a scheme are given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Person,
    Organisation,
}

/// One numbering scheme of identifiers.
#[derive(Debug, Clone, Copy)]
pub struct Scheme {
    /// Country and name: 1 to 32 of `a-z 0-9 _`.
    pub id: &'static str,
    /// The scheme whose numbers these are: its own id, but for numbers written without their check
    /// digits, which are completed to those of another scheme.
    pub namespace: &'static str,
    /// ISO 3166-1 alpha-2, `ZZ` where it is international.
    pub region: &'static str,
    pub subject: Subject,
    /// The share of values that pass, if digits and letters are random in the places of the shape,
    /// literal characters are right, and the shape is the one that passes most.
    pub chance: f64,
    /// The written forms.
    pub shapes: &'static [Shape],
    /// Whether a number is told from a word by its place alone, so that a text is not searched for it.
    pub is_word: bool,
    /// Writes in full what is written short.
    complete: fn(&mut Compact),
    /// What the shape does not say.
    check: fn(&[u8]) -> bool,
}

impl Scheme {
    const fn person(id: &'static str, region: &'static str, chance: f64) -> Self {
        Self {
            id,
            namespace: id,
            region,
            subject: Subject::Person,
            chance,
            shapes: &[],
            is_word: false,
            complete: |_| {},
            check: |_| true,
        }
    }

    const fn organisation(id: &'static str, region: &'static str, chance: f64) -> Self {
        let mut scheme = Self::person(id, region, chance);
        scheme.subject = Subject::Organisation;
        scheme
    }

    const fn written(mut self, shapes: &'static [Shape]) -> Self {
        self.shapes = shapes;
        self
    }

    const fn like_a_word(mut self) -> Self {
        self.is_word = true;
        self
    }

    const fn completed(mut self, complete: fn(&mut Compact)) -> Self {
        self.complete = complete;
        self
    }

    const fn completed_to(mut self, namespace: &'static str, complete: fn(&mut Compact)) -> Self {
        self.namespace = namespace;
        self.completed(complete)
    }

    const fn checked(mut self, check: fn(&[u8]) -> bool) -> Self {
        self.check = check;
        self
    }

    /// The compact form of `value`, if it is a number of this scheme. No allocation.
    ///
    /// For several schemes read the value once: [`Spelling::read`], then [`Scheme::read`].
    #[must_use]
    pub fn parse(&self, value: &[u8]) -> Option<Compact> {
        self.read(&Spelling::read(value)?)
    }

    /// The compact form of a value that was read, if it is a number of this scheme.
    #[must_use]
    pub fn read(&self, spelling: &Spelling) -> Option<Compact> {
        let number = self.shaped(spelling)?;
        let mut digits = number.as_bytes().iter().filter(|byte| byte.is_ascii_digit()).peekable();
        // Zeros pass most checks and stand for no one.
        let is_nought = digits.peek().is_some() && digits.all(|&digit| digit == b'0');
        (!is_nought && (self.check)(number.as_bytes())).then_some(number)
    }

    /// Whether `value` has the length and the characters of a number of this scheme, whatever its
    /// check digits are.
    #[must_use]
    pub fn is_shape(&self, value: &[u8]) -> bool {
        Spelling::read(value).is_some_and(|spelling| self.shaped(&spelling).is_some())
    }

    /// Whether a value that was read is a number of this scheme, written with all its separators.
    #[must_use]
    pub fn reads_grouped(&self, spelling: &Spelling) -> bool {
        let is_grouped = |shape: &Shape| {
            let marks = shape.counts().marks;
            marks > 0 && spelling.separators == marks && shape.read(spelling).is_some()
        };
        self.shapes.iter().any(is_grouped) && self.read(spelling).is_some()
    }

    /// Whether a value that was read could be a number of this scheme if its digits were others.
    #[must_use]
    pub fn could_read(&self, spelling: &Spelling) -> bool {
        self.shapes.iter().any(|shape| shape.could_read(spelling))
    }

    fn shaped(&self, spelling: &Spelling) -> Option<Compact> {
        let mut number = self.shapes.iter().find_map(|shape| shape.read(spelling))?;
        (self.complete)(&mut number);
        Some(number)
    }
}

impl Scheme {
    /// What a number of this scheme is parsed to: the canonical form is `scheme:number`.
    #[must_use]
    pub fn parsed(&self, number: &Compact) -> Parsed {
        let is_evident = self.chance <= SELF_EVIDENT && self.has_letters();
        let strength = if is_evident { Strength::Strong } else { Strength::Weak };
        let canonical = format!("{}:{}", self.namespace, number.as_str());
        let region = Region::new(self.region).filter(|region| region.as_str() != "ZZ");
        Parsed { canonical: Canonical::new(canonical), strength, region }
    }

    /// Whether these are the lines that [`find_mrz`] finds.
    #[must_use]
    pub fn is_mrz(&self) -> bool {
        *self == icao::MRZ
    }

    /// Whether letters stand at certain places of all its numbers.
    #[must_use]
    pub fn has_letters(&self) -> bool {
        self.shapes.iter().all(|shape| shape.pattern().contains('a'))
    }

    /// How many letters and digits its numbers have, each length once.
    pub fn lengths(&self) -> impl Iterator<Item = usize> {
        let fits = |length: usize| self.shapes.iter().any(|shape| shape.has_length(length));
        (0..=MAX_LENGTH).filter(move |length| fits(*length))
    }
}

/// More letters and digits than any number has.
const MAX_LENGTH: usize = 48;

/// A scheme with letters in their places that takes fewer random values of its shape than this
/// proves itself; digits alone may be an id that begins with a date.
const SELF_EVIDENT: f64 = 1e-4;

/// Two schemes are the same if their ids are.
impl PartialEq for Scheme {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Scheme {}

/// The scheme of that id.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Scheme> {
    SCHEMES.iter().find(|scheme| scheme.id == id)
}

/// Every scheme under which `value` is a number, with its compact form there.
///
/// A number of nine digits may be one in half a dozen countries: what its field is called, what
/// stands near it and [`Scheme::chance`] decide.
pub fn parse_all(value: &[u8]) -> impl Iterator<Item = (&'static Scheme, Compact)> {
    let spelling = Spelling::read(value);
    let possible = spelling.as_ref().map_or(SchemeSet(0), SchemeSet::of_counts);
    possible.places().filter_map(move |place| {
        let scheme = &SCHEMES[place];
        Some((scheme, scheme.read(spelling.as_ref()?)?))
    })
}

/// Schemes as bits: bit n is `SCHEMES[n]`.
#[derive(Debug, Clone, Copy)]
pub struct SchemeSet(u128);

impl SchemeSet {
    /// Those that have numbers of as many letters and digits as `spelling`.
    #[must_use]
    pub fn of_counts(spelling: &Spelling) -> Self {
        let of_letters = BY_COUNTS.get(usize::from(spelling.letters));
        let set = of_letters.and_then(|of| of.get(usize::from(spelling.digits)));
        Self(set.copied().unwrap_or(0))
    }

    /// The one scheme.
    #[must_use]
    pub fn of(scheme: &Scheme) -> Self {
        Self(SCHEMES.iter().position(|other| other == scheme).map_or(0, |place| 1 << place))
    }

    /// Their places in [`SCHEMES`].
    pub fn places(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let place = left.trailing_zeros() as usize;
            (left != 0).then(|| {
                left &= left - 1;
                place
            })
        })
    }

    /// Whether a scheme is in both.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// By count of letters, then of digits, the schemes that have such numbers. With it a word, a time
/// or a hash is refused by all schemes at once.
static BY_COUNTS: [[u128; MAX_LEN + 1]; MAX_LEN + 1] = {
    assert!(SCHEMES.len() <= 128, "a bit for each scheme");
    let mut by_counts = [[0; MAX_LEN + 1]; MAX_LEN + 1];
    let mut scheme = 0;
    while scheme < SCHEMES.len() {
        let mut shape = 0;
        while shape < SCHEMES[scheme].shapes.len() {
            let counts = SCHEMES[scheme].shapes[shape].counts();
            let mut digits = counts.digits.0;
            while digits <= counts.digits.1 {
                let mut letters = counts.alphanumeric.0.saturating_sub(digits);
                while letters + digits <= counts.alphanumeric.1 {
                    by_counts[letters as usize][digits as usize] |= 1 << scheme;
                    letters += 1;
                }
                digits += 1;
            }
            shape += 1;
        }
        scheme += 1;
    }
    by_counts
};

/// All schemes, by id.
pub static SCHEMES: &[Scheme] = &[
    at::SVNR,
    au::MEDICARE,
    au::TFN,
    be::NN,
    bg::EGN,
    bic::BIC,
    br::CNPJ,
    br::CPF,
    ca::SIN,
    ch::AHV,
    ch::UID,
    cn::RIC,
    cy::TIC,
    cz::RC,
    de::IDNR,
    de::RVNR,
    dk::CPR,
    ee::ISIKUKOOD,
    es::DNI,
    es::NIE,
    eu::VAT,
    eu::VAT_PERSON,
    fi::HETU,
    fr::NIR,
    fr::NIR_13,
    fr::SIREN,
    fr::SIRET,
    fr::SPI,
    gb::NHS,
    gb::NINO,
    gr::AFM,
    gr::AMKA,
    hr::OIB,
    hu::ADOAZONOSITO,
    hu::SZEMELYI,
    hu::TAJ,
    icao::MRZ,
    ie::PPS,
    in_::AADHAAR,
    in_::PAN,
    is_::KENNITALA,
    is_::KENNITALA_ORG,
    it::CF,
    si::JMBG,
    kr::RRN,
    lei::LEI,
    lt::ASMENS,
    lu::MATRICULE,
    lv::PK,
    mt::ID,
    mx::CURP,
    mx::RFC,
    nl::BSN,
    no::FNR,
    no::ORGNR,
    passport::PASSPORT,
    pl::PESEL,
    pt::CC,
    pt::NIF,
    ro::CNP,
    se::PNR,
    si::EMSO,
    tr::KIMLIK,
    us::ITIN,
    us::SSN,
    za::ID,
];
