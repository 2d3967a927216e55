//! What a file is, from its first bytes and its name.
//!
//! Content decides before the name: signatures of binary formats, then NUL and control bytes, then
//! the look of the text. The extension decides only between readings of text. Plain text is the
//! answer in doubt, since every text can be handled as plain text without loss.

use serde::de::IgnoredAny;

use super::dataset;

/// How much of a file [`sniff`] wants to see.
pub const SAMPLE_BYTES: usize = 64 * 1024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sniffed {
    /// Apache Parquet, or a file by that name that is something else: its reader says what is wrong.
    Parquet,
    /// JSON documents: one, or one per line.
    Json,
    /// Lines of delimited cells.
    Csv,
    /// Any other text in an encoding that contains ASCII.
    Text,
    /// No bytes at all.
    Empty,
    /// An empty file by a name such as `_SUCCESS`, which engines wait for.
    Marker,
    /// Hadoop's checksum of the file beside it.
    Checksum,
    /// Text in UTF-16.
    Utf16,
    /// Pictures, by format.
    Image(&'static str),
    /// Compressed data and archives, by format.
    Compressed(&'static str),
    /// A known format that is not read, by name.
    Unsupported(&'static str),
    /// Unknown, and no text.
    Binary,
}

impl Sniffed {
    /// Why a file like this is not read, for the ledger; nothing for what is read or copied.
    #[must_use]
    pub fn reason(self) -> Option<String> {
        match self {
            Self::Parquet | Self::Json | Self::Csv | Self::Text | Self::Empty | Self::Marker => {
                None
            }
            Self::Checksum => Some("checksum".to_owned()),
            Self::Utf16 => Some("not UTF-8: UTF-16".to_owned()),
            Self::Image(format) => Some(format!("image: {format}")),
            Self::Compressed(format) => Some(format!("compressed: {format}")),
            Self::Unsupported(format) => Some(format!("unsupported format: {format}")),
            Self::Binary => Some("unknown binary format".to_owned()),
        }
    }
}

/// What a file is.
///
/// `sample` is its first [`SAMPLE_BYTES`] bytes, or all it has; `name` its path or file name; `size`
/// its stored size in bytes, which tells a sample from a whole file.
#[must_use]
pub fn sniff(sample: &[u8], name: &str, size: u64) -> Sniffed {
    let name = name.rsplit('/').next().unwrap_or(name);
    if sample.is_empty() {
        return match extension(name).as_str() {
            // A Parquet file has a footer: this is one that was never written to its end.
            "parquet" => Sniffed::Parquet,
            _ if name.starts_with('_') => Sniffed::Marker,
            _ => Sniffed::Empty,
        };
    }
    if let Some(known) = signature(sample) {
        return known;
    }
    if is_checksum(sample, name) {
        return Sniffed::Checksum;
    }
    let extension = extension(name);
    if extension == "parquet" {
        return Sniffed::Parquet;
    }
    if is_utf16(sample) {
        return Sniffed::Utf16;
    }
    if is_binary(sample) {
        return Sniffed::Binary;
    }
    let is_whole = sample.len() as u64 >= size;
    let text = sample.strip_prefix(b"\xef\xbb\xbf").unwrap_or(sample);
    match extension.as_str() {
        "csv" | "tsv" | "psv" => Sniffed::Csv,
        "json" | "ndjson" | "jsonl" | "geojson" if may_begin_json(text) => Sniffed::Json,
        _ if looks_like_json(text, is_whole) => Sniffed::Json,
        extension if is_prose(extension) => Sniffed::Text,
        _ if looks_like_csv(text, is_whole) => Sniffed::Csv,
        _ => Sniffed::Text,
    }
}

/// Whether the name says that there is one JSON value a line.
#[must_use]
pub fn is_named_ndjson(name: &str) -> bool {
    matches!(extension(name.rsplit('/').next().unwrap_or(name)).as_str(), "ndjson" | "jsonl")
}

/// The last extension in lower case, without what numbers or compresses the file: `log` for
/// `app.log.1`. Empty without one.
fn extension(name: &str) -> String {
    let stem = dataset::stem(name);
    stem.rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase())
}

/// Formats whose lines are no records of cells even where they look so.
fn is_prose(extension: &str) -> bool {
    const PROSE: [&str; 20] = [
        "log",
        "md",
        "rst",
        "html",
        "htm",
        "xml",
        "svg",
        "sql",
        "eml",
        "mbox",
        "vcf",
        "ics",
        "ldif",
        "yaml",
        "yml",
        "toml",
        "ini",
        "conf",
        "cfg",
        "properties",
    ];
    PROSE.contains(&extension)
}

/// Binary formats by the bytes they begin with.
///
/// # Source
/// The specification of each format; for pictures and archives also the `file` utility's table.
fn signature(sample: &[u8]) -> Option<Sniffed> {
    use Sniffed::{Compressed, Image, Unsupported};
    // Unlike anything a text begins with.
    const CERTAIN: [(&[u8], Sniffed); 31] = [
        (b"\x89PNG\r\n\x1a\n", Image("PNG")),
        (b"\xff\xd8\xff", Image("JPEG")),
        (b"GIF87a", Image("GIF")),
        (b"GIF89a", Image("GIF")),
        (b"II*\0", Image("TIFF")),
        (b"MM\0*", Image("TIFF")),
        (b"\0\0\x01\0", Image("icon")),
        (b"\x1f\x8b", Compressed("gzip")),
        (b"\x1f\x9d", Compressed("compress")),
        (b"\x28\xb5\x2f\xfd", Compressed("zstd")),
        (b"\xfd7zXZ\0", Compressed("xz")),
        (b"\x04\x22\x4d\x18", Compressed("lz4")),
        (b"\xff\x06\0\0sNaPpY", Compressed("snappy")),
        (b"7z\xbc\xaf\x27\x1c", Compressed("7z")),
        (b"Rar!\x1a\x07", Compressed("rar")),
        (b"PK\x05\x06", Compressed("zip")),
        (b"Obj\x01", Unsupported("Avro")),
        (b"ARROW1\0\0", Unsupported("Arrow IPC")),
        (b"\xff\xff\xff\xff", Unsupported("Arrow IPC stream")),
        (b"SQLite format 3\0", Unsupported("SQLite")),
        (b"%PDF-", Unsupported("PDF")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Unsupported("Microsoft Office 97")),
        (b"PGDMP", Unsupported("PostgreSQL custom dump")),
        (b"\x89HDF\r\n\x1a\n", Unsupported("HDF5")),
        (b"SEQ\x06", Unsupported("Hadoop sequence file")),
        (b"\x93NUMPY", Unsupported("NumPy")),
        (b"!BDN", Unsupported("Outlook store")),
        (b"\xff\xfe\0\0", Unsupported("UTF-32")),
        (b"\0\0\xfe\xff", Unsupported("UTF-32")),
        (b"\xff\xfe", Sniffed::Utf16),
        (b"\xfe\xff", Sniffed::Utf16),
    ];
    // Letters that a text could begin with; the format shows in the bytes that follow.
    const WITH_BINARY: [(&[u8], Sniffed); 6] = [
        (b"PAR1", Sniffed::Parquet),
        (b"PARE", Unsupported("encrypted Parquet")),
        (b"ORC", Unsupported("ORC")),
        (b"FEA1", Unsupported("Feather")),
        (b"BM", Image("BMP")),
        (b"BZh", Compressed("bzip2")),
    ];
    if sample.starts_with(b"PK\x03\x04") {
        return Some(zip(sample));
    }
    let at = |offset: usize, magic: &[u8]| {
        sample.get(offset..).is_some_and(|rest| rest.starts_with(magic))
    };
    if sample.starts_with(b"RIFF") && at(8, b"WEBP") {
        return Some(Image("WebP"));
    }
    if at(4, b"ftypheic") || at(4, b"ftypavif") || at(4, b"ftypmif1") {
        return Some(Image("HEIF"));
    }
    if at(257, b"ustar") {
        return Some(Compressed("tar"));
    }
    let known = |table: &[(&[u8], Sniffed)]| {
        table.iter().find(|(magic, _)| sample.starts_with(magic)).map(|&(_, format)| format)
    };
    known(&CERTAIN).or_else(|| known(&WITH_BINARY).filter(|_| has_binary(sample)))
}

/// An archive, or one of the document formats that are one: their first member tells.
fn zip(sample: &[u8]) -> Sniffed {
    // Local file header: 30 bytes, then the name (APPNOTE 4.3.7).
    let head = &sample[..sample.len().min(4096)];
    let holds = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    if holds(b"xl/") {
        Sniffed::Unsupported("Excel")
    } else if holds(b"word/") {
        Sniffed::Unsupported("Word")
    } else if holds(b"ppt/") {
        Sniffed::Unsupported("PowerPoint")
    } else if holds(b"[Content_Types].xml") {
        Sniffed::Unsupported("Microsoft Office")
    } else if holds(b"mimetypeapplication/vnd.oasis.opendocument") {
        Sniffed::Unsupported("OpenDocument")
    } else {
        Sniffed::Compressed("zip")
    }
}

/// Hadoop's `ChecksumFileSystem`: `.name.crc` beside `name`, version bytes `crc\0`.
fn is_checksum(sample: &[u8], name: &str) -> bool {
    sample.starts_with(b"crc\0") && name.starts_with('.') && name.ends_with(".crc")
}

/// Whether a byte is in no text: a control character that is no white space, escape, bell or
/// backspace.
fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=6 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f)
}

/// Whether the head of a sample has bytes that no text has.
fn has_binary(sample: &[u8]) -> bool {
    let head = &sample[..sample.len().min(512)];
    head.iter().any(|&byte| is_control(byte)) || std::str::from_utf8(head).is_err_and(is_inside)
}

/// Whether UTF-8 is broken within, and not just cut at the end.
fn is_inside(error: std::str::Utf8Error) -> bool {
    error.error_len().is_some()
}

/// No text: a NUL byte, or more than 2 % control bytes, where random bytes have 11 %. Bytes that
/// are no UTF-8 do not count, since text in older encodings is full of them.
fn is_binary(sample: &[u8]) -> bool {
    memchr::memchr(0, sample).is_some()
        || sample.iter().filter(|&&byte| is_control(byte)).count() * 50 > sample.len()
}

/// UTF-16 without a byte order mark: of western text nearly every second byte is NUL.
fn is_utf16(sample: &[u8]) -> bool {
    let pairs = sample.len() / 2;
    let nuls = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    let is_one_sided = |many: usize, few: usize| many * 10 >= pairs * 7 && few * 50 <= pairs;
    pairs >= 2 && (is_one_sided(even, odd) || is_one_sided(odd, even))
}

/// Whether a text by the name of JSON can be: it begins like a value (RFC 8259, section 3).
fn may_begin_json(text: &[u8]) -> bool {
    let first = text.trim_ascii_start().first();
    first.is_some_and(|byte| {
        matches!(byte, b'{' | b'[' | b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n')
    })
}

/// How many values or lines must look right.
const JSON_VALUES_TRIED: usize = 32;

/// Whether a text by any name is JSON: a document, documents one after another, or nine of ten
/// lines that are objects (a log with a banner or a stack trace in between).
fn looks_like_json(text: &[u8], is_whole: bool) -> bool {
    let text = text.trim_ascii_start();
    if !matches!(text.first(), Some(b'{' | b'[')) {
        return is_mostly_object_lines(text, is_whole);
    }
    let mut values = serde_json::Deserializer::from_slice(text)
        .into_iter::<IgnoredAny>()
        .take(JSON_VALUES_TRIED);
    let all_parse = values.all(|value| match value {
        Ok(_) => true,
        Err(error) => error.is_eof() && !is_whole,
    });
    all_parse || is_mostly_object_lines(text, is_whole)
}

fn is_mostly_object_lines(text: &[u8], is_whole: bool) -> bool {
    let lines = full_lines(text, is_whole).filter(|line| !line.trim_ascii().is_empty());
    let (mut seen, mut objects) = (0_usize, 0_usize);
    for line in lines.take(JSON_VALUES_TRIED) {
        seen += 1;
        let is_object = line.trim_ascii_start().starts_with(b"{");
        objects += usize::from(is_object && serde_json::from_slice::<IgnoredAny>(line).is_ok());
    }
    objects > 0 && objects * 10 >= seen * 9
}

/// The lines of a text without their ends; the last only if nothing of it is missing.
fn full_lines(text: &[u8], is_whole: bool) -> impl Iterator<Item = &[u8]> {
    let end = match memchr::memrchr(b'\n', text) {
        _ if is_whole => text.len(),
        Some(newline) => newline,
        None => 0,
    };
    text[..end].split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

/// The delimiters tried, the rarest in prose first.
const DELIMITERS: [u8; 4] = [b'\t', b'|', b';', b','];

/// Whether all records of a text have as many cells, two or more, under one of the delimiters, and
/// the first looks like no log line and no sentence.
fn looks_like_csv(text: &[u8], is_whole: bool) -> bool {
    let Some(first) = full_lines(text, is_whole).next() else {
        return false;
    };
    !begins_like_log(first)
        && DELIMITERS.iter().any(|&delimiter| {
            !is_sentence(first, delimiter) && has_even_records(text, delimiter, is_whole)
        })
}

/// Whether a line begins with a time, a bracket, or a level, as log lines do.
fn begins_like_log(line: &[u8]) -> bool {
    const WORDS: [&str; 28] = [
        "trace", "debug", "info", "notice", "warn", "warning", "error", "fatal", "critical", "mon",
        "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun", "jul",
        "aug", "sep", "oct", "nov", "dec",
    ];
    let line = line.trim_ascii_start();
    if matches!(line.first(), None | Some(b'[' | b'<' | b'{' | b'(' | b'#')) {
        return true;
    }
    let word = line.split(|byte| !byte.is_ascii_alphabetic()).next().unwrap_or_default();
    if WORDS.iter().any(|level| word.eq_ignore_ascii_case(level.as_bytes())) {
        return true;
    }
    // `2026-11-20`, `20/11/2026`, `10:15:00`, `1763630000.123`, `192.0.2.1 - -`.
    let digits = line.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && matches!(line.get(digits), Some(b'-' | b'/' | b':' | b'.'))
}

/// Whether each delimiter of a line is followed by a space: commas in a sentence are.
fn is_sentence(line: &[u8], delimiter: u8) -> bool {
    let mut followers = memchr::memchr_iter(delimiter, line).map(|at| line.get(at + 1));
    delimiter == b',' && followers.all(|next| next == Some(&b' '))
}

/// Whether a text is two or more records of as many cells as the first, two or more; one record in
/// ten may be uneven, since a table with a bad row is a table. A quote opens only at the start of a
/// cell and closes at the next one, so line ends within are part of the cell.
///
/// # Source
/// RFC 4180, section 2.
fn has_even_records(text: &[u8], delimiter: u8, is_whole: bool) -> bool {
    let (mut records, mut uneven) = (0_usize, 0_usize);
    let (mut delimiters, mut expected) = (0_usize, None);
    let (mut in_quotes, mut at_cell_start, mut is_blank) = (false, true, true);
    let missing_end: &[u8] = if is_whole && !text.ends_with(b"\n") { b"\n" } else { b"" };
    for &byte in text.iter().chain(missing_end) {
        if in_quotes {
            in_quotes = byte != b'"';
            continue;
        }
        match byte {
            // A doubled quote closes and opens again, which comes to the same.
            b'"' if at_cell_start => in_quotes = true,
            b'\n' if is_blank => continue,
            b'\n' => {
                if *expected.get_or_insert(delimiters) == 0 {
                    return false;
                }
                records += 1;
                uneven += usize::from(expected != Some(delimiters));
                (delimiters, at_cell_start, is_blank) = (0, true, true);
                continue;
            }
            b'\r' => continue,
            byte if byte == delimiter => {
                delimiters += 1;
                (at_cell_start, is_blank) = (true, false);
                continue;
            }
            _ => {}
        }
        at_cell_start = byte == b'"' && in_quotes;
        is_blank = false;
    }
    records >= 2 && uneven <= records / 10 + usize::from(records > 3) && !(in_quotes && is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whole(content: &[u8], name: &str) -> Sniffed {
        sniff(content, name, content.len() as u64)
    }

    #[test]
    fn binary_formats_are_known_by_their_signature_whatever_their_name() {
        let cases: [(&[u8], Sniffed); 20] = [
            (b"PAR1\x15\x04\x15\x10", Sniffed::Parquet),
            (b"PARE\x15\x04", Sniffed::Unsupported("encrypted Parquet")),
            (b"\x89PNG\r\n\x1a\n\0\0", Sniffed::Image("PNG")),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", Sniffed::Image("JPEG")),
            (b"GIF89a\x01\0", Sniffed::Image("GIF")),
            (b"RIFF\x24\0\0\0WEBPVP8 ", Sniffed::Image("WebP")),
            (b"\x1f\x8b\x08\0", Sniffed::Compressed("gzip")),
            (b"\x28\xb5\x2f\xfd\x04", Sniffed::Compressed("zstd")),
            (b"BZh91AY&SY\x01", Sniffed::Compressed("bzip2")),
            (b"\xfd7zXZ\0\0", Sniffed::Compressed("xz")),
            (b"PK\x03\x04\x14\0\0\0a.csv", Sniffed::Compressed("zip")),
            (b"PK\x03\x04\x14\0\0\0xl/workbook.xml", Sniffed::Unsupported("Excel")),
            (b"%PDF-1.7\n", Sniffed::Unsupported("PDF")),
            (b"Obj\x01\x04", Sniffed::Unsupported("Avro")),
            (b"ORC\x0a\x03", Sniffed::Unsupported("ORC")),
            (b"ARROW1\0\0", Sniffed::Unsupported("Arrow IPC")),
            (b"SQLite format 3\0\x10", Sniffed::Unsupported("SQLite")),
            (b"\xff\xfea\0b\0", Sniffed::Utf16),
            (b"a\0b\0c\0d\0,\0e\0", Sniffed::Utf16),
            (b"text\0with NUL\n", Sniffed::Binary),
        ];
        for (content, expected) in cases {
            for name in ["x.csv", "x", "x.jpg"] {
                assert_eq!(whole(content, name), expected, "{}", content.escape_ascii());
            }
        }
    }

    #[test]
    fn letters_that_begin_a_format_also_begin_texts() {
        for text in ["PAR1,name\nx,y\n", "BM is a company\n", "ORCHIDS\n", "BZh is no word\n"] {
            assert!(
                matches!(whole(text.as_bytes(), "a.txt"), Sniffed::Text | Sniffed::Csv),
                "{text}"
            );
        }
    }

    #[test]
    fn a_tar_is_known_by_the_middle_of_its_header() {
        let mut header = vec![0_u8; 512];
        header[..5].copy_from_slice(b"a.csv");
        header[257..262].copy_from_slice(b"ustar");
        assert_eq!(whole(&header, "a.csv"), Sniffed::Compressed("tar"));
    }

    #[test]
    fn random_bytes_are_binary_and_old_encodings_are_text() {
        let noise: Vec<u8> = (0_u32..4096)
            .map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8)
            .filter(|&byte| byte != 0)
            .collect();
        assert_eq!(whole(&noise, "x.csv"), Sniffed::Binary);
        assert_eq!(whole(b"pr\xe9nom;ville\nLo\xefc;Orl\xe9ans\n", "x.csv"), Sniffed::Csv);
        assert_eq!(whole(b"\x1b[31mred\x1b[0m\n", "x.log"), Sniffed::Text);
    }

    #[test]
    fn a_parquet_without_its_signature_is_for_the_parquet_reader_to_refuse() {
        assert_eq!(whole(b"hello", "part-00000.snappy.parquet"), Sniffed::Parquet);
    }

    #[test]
    fn empty_files_are_markers_by_name() {
        assert_eq!(sniff(b"", "out/_SUCCESS", 0), Sniffed::Marker);
        assert_eq!(sniff(b"", "out/a.csv", 0), Sniffed::Empty);
        assert_eq!(whole(b"{\"ok\":true}", "_SUCCESS"), Sniffed::Json);
        assert_eq!(whole(b"crc\0\0\0\x02\0abcd", "out/.part-0.csv.crc"), Sniffed::Checksum);
        assert_eq!(whole(b"a,b\n1,2\n", ".a.csv.crc"), Sniffed::Csv);
    }

    #[test]
    fn names_decide_between_readings_of_text() {
        let cases = [
            ("a.csv", "one column\nonly\n", Sniffed::Csv),
            ("a.TSV", "a\tb\n", Sniffed::Csv),
            ("a.csv.1", "a\n", Sniffed::Csv),
            ("a.json", "{\"a\": 1,", Sniffed::Json),
            ("a.json", "hello", Sniffed::Text),
            ("a.ndjson", "{bad\n{\"a\":1}\n", Sniffed::Json),
            ("a.log", "a,b\nc,d\n", Sniffed::Text),
            ("app.log.2026-11-20", "a,b\nc,d\n", Sniffed::Text),
            ("a.sql", "INSERT INTO t VALUES (1,2);\nINSERT INTO t VALUES (3,4);\n", Sniffed::Text),
        ];
        for (name, content, expected) in cases {
            assert_eq!(whole(content.as_bytes(), name), expected, "{name}: {content}");
        }
    }

    #[test]
    fn json_is_known_by_its_grammar() {
        let json = [
            "{\"a\":1}\n{\"a\":2}\n",
            "[1, 2, 3]",
            "\u{feff} {\n  \"a\": [\n]\n}\n",
            "{\"a\":1}{\"a\":2}",
            "{}",
        ];
        for content in json {
            for name in ["x", "x.log", "x.txt", "part-00000"] {
                assert_eq!(whole(content.as_bytes(), name), Sniffed::Json, "{content}");
            }
        }
        let text = [
            "[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok\n",
            "[1] first\n[2] second\n",
            "{name} is a template\n",
            "{\"a\":1",
            "[2026-11-20 10:15:00] x\n",
        ];
        for content in text {
            assert_eq!(whole(content.as_bytes(), "x.log"), Sniffed::Text, "{content}");
        }
    }

    #[test]
    fn deep_nesting_and_long_lines_are_no_trouble() {
        for unit in ["[", "{\"a\":", "\"", ",", "(", "\\"] {
            let hostile = unit.repeat(SAMPLE_BYTES / unit.len());
            let _ = sniff(hostile.as_bytes(), "x", 1 << 40);
            let _ = whole(hostile.as_bytes(), "x.txt");
        }
    }

    #[test]
    fn a_log_of_objects_may_hold_a_line_that_is_none() {
        let mut log = "starting up\n".to_owned();
        log.push_str(&"{\"level\":\"info\",\"msg\":\"x\"}\n".repeat(20));
        assert_eq!(whole(log.as_bytes(), "app.log"), Sniffed::Json);
        log.insert_str(0, &"plain\n".repeat(10));
        assert_eq!(whole(log.as_bytes(), "app.log"), Sniffed::Text);
    }

    #[test]
    fn a_sample_may_end_anywhere() {
        let json = format!("[{}", "{\"email\":\"a@example.com\"},".repeat(100));
        assert_eq!(sniff(json.as_bytes(), "dump", 1 << 30), Sniffed::Json);
        assert_eq!(sniff(b"a;b;c\n1;2;3\n4;5", "dump", 1 << 30), Sniffed::Csv);
        assert_eq!(sniff(b"a;b;c\n1;2;3\n4;5", "dump", 15), Sniffed::Text);
    }

    #[test]
    fn delimited_cells_are_known_by_their_even_count() {
        let csv = [
            "id,email\n1,a@example.com\n2,b@example.com\n",
            "id\temail\r\n1\tx\r\n",
            "a|b|c\n1|2|3",
            "id,note\n1,\"two\nlines, and a comma\"\n2,\"says \"\"hi\"\"\"\n",
            "id;v\n\n1;2\n",
        ];
        for content in csv {
            assert_eq!(whole(content.as_bytes(), "export.txt"), Sniffed::Csv, "{content:?}");
        }
        let text = [
            "one line, only\n",
            "Dear Sir, hello\nI write, today\n",
            "a,b\nc\n",
            "plain\ntext\n",
            "2026-11-20 10:15:00,123 INFO x\n2026-11-20 10:15:01,456 INFO y\n",
            "10:15:00|x|y\n10:15:01|x|y\n",
            "INFO|x\nWARN|y\n",
            "Nov 20 10:15:00 host sshd[1]: a;b\nNov 20 10:15:01 host sshd[1]: a;b\n",
            "192.0.2.1 - - x;y\n192.0.2.2 - - x;y\n",
            "<14>a|b\n<14>c|d\n",
            "a,b\n1,\"never closed\n",
        ];
        for content in text {
            assert_eq!(whole(content.as_bytes(), "export.txt"), Sniffed::Text, "{content:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_something(
            content in prop::collection::vec(any::<u8>(), 0..200),
            name in "[a-z._-]{0,12}",
            size in 0_u64..400,
        ) {
            let _ = sniff(&content, &name, size);
        }
    }
}
