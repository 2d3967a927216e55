//! Guessing the dialect of a CSV file from its first bytes.

use std::collections::{HashMap, HashSet};

use super::super::cell::{Cell, Decoder, Escape};
use super::super::text_start;
use super::{CsvDialect, Row, Rows};

/// What the user says about a file, which is not guessed then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CsvOverrides {
    pub delimiter: Option<u8>,
    pub quote: Option<u8>,
    pub header: Option<bool>,
}

/// Rows that are looked at.
const MAX_ROWS: usize = 200;

/// Longest text that can be the name of a column, in bytes.
const MAX_LABEL: usize = 64;

/// Guesses the dialect of the file that starts with `sample`, some tens of kilobytes.
///
/// `looks_personal` says whether a cell's text holds personal data: a first row with such a cell
/// is no header, since what stands in a header becomes the name of a field.
#[must_use]
pub fn sniff(
    sample: &[u8],
    overrides: CsvOverrides,
    looks_personal: &dyn Fn(&[u8]) -> bool,
) -> CsvDialect {
    let delimiters = overrides.delimiter.map_or(b",;\t|".to_vec(), |delimiter| vec![delimiter]);
    let quotes = overrides.quote.map_or(b"\"'".to_vec(), |quote| vec![quote]);
    let mut best: Option<(Score, CsvDialect)> = None;
    for &quote in &quotes {
        for &delimiter in delimiters.iter().filter(|delimiter| **delimiter != quote) {
            let dialect = CsvDialect { delimiter, quote, header: false };
            let table = Table::read(sample, dialect);
            let has_single_quotes = quote == b'\'' && table.is_quoted_well(sample);
            if quote == b'\'' && overrides.quote.is_none() && !has_single_quotes {
                continue;
            }
            let score = table.score(has_single_quotes);
            if best.as_ref().is_none_or(|(other, _)| score > *other) {
                best = Some((score, dialect));
            }
        }
    }
    let mut dialect = best.map_or_else(CsvDialect::default, |(_, dialect)| dialect);
    dialect.header = overrides
        .header
        .unwrap_or_else(|| Table::read(sample, dialect).has_header(sample, looks_personal));
    dialect
}

/// The names of the columns of the file that starts with `sample`: the header as it stands,
/// repeated names as `name#2`, `column_3` where there is none.
#[must_use]
pub fn names(sample: &[u8], dialect: CsvDialect) -> Vec<String> {
    let mut cells = Vec::new();
    let start = text_start(sample, 0);
    if Rows::new(sample, start, dialect).next_row(0, &mut cells) != Row::Cells {
        cells.clear();
    }
    let mut decoder = Decoder::new();
    let mut taken = HashSet::new();
    let mut names: Vec<String> = Vec::with_capacity(cells.len());
    for (column, cell) in cells.iter().enumerate() {
        let text = if dialect.header { decoder.decode(sample, cell).text } else { b"" };
        let base = match String::from_utf8_lossy(text) {
            name if name.is_empty() => format!("column_{}", column + 1),
            name => name.into_owned(),
        };
        let mut name = base.clone();
        let mut count = 1;
        while !taken.insert(name.clone()) {
            count += 1;
            name = format!("{base}#{count}");
        }
        names.push(name);
    }
    names
}

/// How well a dialect fits, what counts most first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    /// Nearly all rows have the same number of cells, and it is not one.
    is_table: bool,
    /// That number.
    columns: usize,
    /// How many in 1000 rows have it.
    agreeing: usize,
    /// Whether an unusual quote is used, and well.
    has_single_quotes: bool,
}

/// The first rows of a sample under some dialect.
struct Table {
    rows: Vec<Vec<Cell>>,
}

impl Table {
    fn read(sample: &[u8], dialect: CsvDialect) -> Self {
        let mut walker = Rows::new(sample, text_start(sample, 0), dialect);
        let mut rows = Vec::new();
        while rows.len() < MAX_ROWS {
            let mut row = Vec::new();
            if walker.next_row(0, &mut row) != Row::Cells {
                break;
            }
            rows.push(row);
        }
        // The last row may have been cut by the end of the sample.
        if walker.at == sample.len() && rows.len() > 1 && !sample.ends_with(b"\n") {
            rows.pop();
        }
        Self { rows }
    }

    fn score(&self, has_single_quotes: bool) -> Score {
        let mut counts: HashMap<usize, usize> = HashMap::new();
        for row in &self.rows {
            *counts.entry(row.len()).or_default() += 1;
        }
        let (columns, rows) =
            counts.into_iter().max_by_key(|&(columns, rows)| (rows, columns)).unwrap_or((1, 0));
        let agreeing = rows * 1000 / self.rows.len().max(1);
        // One cell per row agrees under every delimiter that does not occur.
        let is_table = columns > 1 && agreeing >= 900;
        Score { is_table, columns, agreeing, has_single_quotes }
    }

    /// Whether the quote is used as one, and only as one.
    fn is_quoted_well(&self, sample: &[u8]) -> bool {
        let cells = || self.rows.iter().flatten();
        cells().filter(|cell| cell.escape == Escape::CsvQuoted).count() > 1
            && cells().all(|cell| {
                cell.escape != Escape::CsvMixed && !sample[cell.range()].starts_with(b"\"")
            })
    }

    fn has_header(&self, sample: &[u8], looks_personal: &dyn Fn(&[u8]) -> bool) -> bool {
        let Some((first, rows)) = self.rows.split_first() else {
            return false;
        };
        let mut decoder = Decoder::new();
        let mut labels = HashSet::new();
        let (mut known, mut is_doubtful) = (0, false);
        for cell in first {
            let text = decoder.decode(sample, cell).text.trim_ascii();
            if !text.is_empty() && (!is_label(text) || looks_personal(text)) {
                return false;
            }
            // An index column without a name, a repeated name: rare in headers, common in data.
            is_doubtful |= text.is_empty() || !labels.insert(text.to_vec());
            known += usize::from(is_usual_label(text));
        }
        let mut votes = 0;
        for (column, label) in first.iter().enumerate() {
            let label = decoder.decode(sample, label).text.trim_ascii().to_vec();
            let mut below = rows.iter().filter_map(|row| row.get(column)).peekable();
            if below.peek().is_none() {
                continue;
            }
            let (mut all_data, mut lengths, mut is_repeated) = (true, HashSet::new(), false);
            for cell in below {
                let text = decoder.decode(sample, cell).text.trim_ascii();
                all_data &= text.is_empty() || !is_label(text) || looks_personal(text);
                lengths.insert(text.len());
                is_repeated |= text == label;
            }
            votes += match () {
                () if is_repeated => -1,
                () if all_data && lengths != HashSet::from([0]) => 2,
                () if rows.len() > 2 && lengths.len() == 1 && !lengths.contains(&label.len()) => 1,
                () => 0,
            };
        }
        // Where the rows below say nothing, or there are none, the words decide: taking a header
        // for data costs its names, taking data for a header makes a value a name.
        votes > 0 || (votes == 0 && !is_doubtful && known * 2 >= first.len())
    }
}

/// Whether `text` could name a column: it starts with a letter or underscore and is no date,
/// number, address or sentence.
fn is_label(text: &[u8]) -> bool {
    let starts_well = text
        .first()
        .is_some_and(|&byte| byte.is_ascii_alphabetic() || byte >= 0x80 || b"_#$".contains(&byte));
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    starts_well
        && text.len() <= MAX_LABEL
        && (digits * 2 <= text.len() || is_numbered(text))
        && !text.iter().any(|&byte| byte == b'@' || byte.is_ascii_control())
}

/// Letters and a number of up to three digits: `Q10`, `f12`.
fn is_numbered(text: &[u8]) -> bool {
    let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let number = &text[letters..];
    (1..=3).contains(&number.len()) && number.iter().all(u8::is_ascii_digit)
}

/// Words in the names of columns, English, French, German, Spanish, Italian, Dutch.
const LABEL_WORDS: [&str; 60] = [
    "id",
    "name",
    "mail",
    "email",
    "phone",
    "mobile",
    "tel",
    "date",
    "time",
    "address",
    "city",
    "country",
    "zip",
    "code",
    "first",
    "last",
    "user",
    "customer",
    "account",
    "iban",
    "card",
    "ip",
    "status",
    "type",
    "amount",
    "price",
    "total",
    "comment",
    "notes",
    "note",
    "description",
    "title",
    "created",
    "updated",
    "gender",
    "birth",
    "age",
    "url",
    "host",
    "nom",
    "prenom",
    "ville",
    "pays",
    "adresse",
    "courriel",
    "telephone",
    "vorname",
    "nachname",
    "ort",
    "stadt",
    "strasse",
    "nombre",
    "apellido",
    "ciudad",
    "telefono",
    "nome",
    "cognome",
    "naam",
    "key",
    "value",
];

/// Whether one of the words of `text` is usual in the names of columns.
fn is_usual_label(text: &[u8]) -> bool {
    let lower = String::from_utf8_lossy(text).to_lowercase().replace('é', "e");
    lower.split(|character: char| !character.is_alphabetic()).any(|word| {
        LABEL_WORDS.contains(&word)
            || ["name", "mail", "phone", "number", "date", "code"]
                .iter()
                .any(|end| word.ends_with(end))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(sample: &str) -> CsvDialect {
        sniff(sample.as_bytes(), CsvOverrides::default(), &|text| text.contains(&b'@'))
    }

    #[test]
    fn the_delimiter_is_the_one_that_makes_a_table() {
        for (sample, delimiter) in [
            ("id,name\n1,A\n2,B\n", b','),
            ("id;price\n1;1,5\n2;2,5\n", b';'),
            ("id\tnote\n1\ta, b, c\n2\td\n", b'\t'),
            ("id|name\n1|A\n", b'|'),
            ("a;b;c\n\"x;y\";2;3\n\"1,2,3\n4\";5;6\n", b';'),
            ("name\nA\nB\n", b','),
        ] {
            assert_eq!(guess(sample).delimiter, delimiter, "{sample}");
        }
    }

    #[test]
    fn single_quotes_count_only_where_they_quote() {
        assert_eq!(guess("id,name\n1,'A, B'\n2,'C'\n3,'D'\n").quote, b'\'');
        assert_eq!(guess("id,name\n'1','A'\n'2','C'\n").quote, b'\'');
        assert_eq!(guess("id,name\n1,'tis\n2,\"C, D\"\n3,'twas\n").quote, b'"');
    }

    #[test]
    fn a_header_is_labels_over_data() {
        for (sample, header) in [
            ("id,name,email\n1,A,a@example.com\n", true),
            ("Kundennummer,Ort\n17,Ulm\n18,Bonn\n", true),
            ("name,city\nAnna,Rome\nBob,Oslo\n", true),
            (",name\n0,Anna\n1,Bob\n", true),
            ("f12,q10\n0,17\n1,18\n", true),
            ("1,Anna\n2,Bob\n", false),
            ("a@example.com,Anna\nb@example.com,Bob\n", false),
            ("Anna,Rome\nBob,Oslo\n", false),
            ("email\n", true),
            ("", false),
        ] {
            assert_eq!(guess(sample).header, header, "{sample}");
        }
    }

    #[test]
    fn overrides_are_not_guessed() {
        let overrides =
            CsvOverrides { delimiter: Some(b':'), quote: Some(b'"'), header: Some(false) };
        let dialect = sniff(b"id,name\n1,2\n", overrides, &|_| false);
        assert_eq!(dialect, CsvDialect { delimiter: b':', quote: b'"', header: false });
    }

    #[test]
    fn names_are_the_header_made_distinct() {
        let sample = "\u{feff}id,\"a \"\"b\"\"\",,id,id\n1,2,3,4,5\n".as_bytes();
        let dialect = CsvDialect::default();
        assert_eq!(names(sample, dialect), ["id", "a \"b\"", "column_3", "id#2", "id#3"]);
        let bare = CsvDialect { header: false, ..dialect };
        assert_eq!(names(b"1,2\n", bare), ["column_1", "column_2"]);
    }
}
