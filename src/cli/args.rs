//! The command line as it is typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::attack::Sort;

/// Finds personal data in exports and logs, replaces it with keyed pseudonyms, and draws the map of
/// where it lives.
#[derive(Debug, Parser)]
#[command(name = "loup", version, propagate_version = true, subcommand_required = true)]
#[command(arg_required_else_help = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find personal data and draw the map of where it is
    Scan(ScanArgs),
    /// Propose a policy, from a scan or its map, for you to read and change
    Init(InitArgs),
    /// Write a protected copy: the same layout and formats, personal data replaced
    Mask(MaskArgs),
    /// Check a protected copy: nothing lost, nothing changed that should not be, no original left
    Verify(VerifyArgs),
    /// Turn encrypted values and surrogates back into what they stand for, with an audit log
    Reveal(RevealArgs),
    /// Try pseudonyms that others made: which are a hash without a key, and of what
    Attack(AttackArgs),
    /// Make, list, rotate, destroy and hand out keys
    #[command(subcommand)]
    Key(KeyCommand),
    /// Show, test and check the rules
    #[command(subcommand)]
    Rules(RulesCommand),
}

/// `loup scan`.
#[derive(Debug, Args)]
pub struct ScanArgs {
    /// Files, directories or globs; `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write the data map as JSON
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write every finding with its place as NDJSON, values masked
    #[arg(long, value_name = "FILE")]
    pub findings: Option<PathBuf>,
    /// Write the data map as a self-contained page
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Say why a field got its verdict, by its name or DATASET:FIELD, or why something is a finding, by
    /// FILE:RECORD or FILE:RECORD:START. May be repeated
    #[arg(long, value_name = "FIELD|PLACE")]
    pub explain: Vec<String>,
    /// Say on standard error where the time went, by stage and by rule
    #[arg(long)]
    pub profile: bool,
    /// Exit with 1 when something is found with at least this confidence
    #[arg(long, value_name = "CONFIDENCE", value_parser = confidence)]
    pub fail_on: Option<f64>,
    #[command(flatten)]
    pub reading: ReadingArgs,
    #[command(flatten)]
    pub key: KeyArgs,
}

/// `loup init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Files, directories or globs to scan
    #[arg(value_name = "PATH", required_unless_present = "map")]
    pub paths: Vec<PathBuf>,
    /// Take what is there from the map of an earlier scan instead
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Where to write the policy, never over an existing file; otherwise standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// The pseudonymisation domain that the policy names [default: default]
    #[arg(long, value_name = "NAME")]
    pub domain: Option<String>,
}

/// `loup mask`.
#[derive(Debug, Args)]
pub struct MaskArgs {
    /// Files, directories or globs; `-` to filter standard input to standard output
    #[arg(required = true, value_name = "IN")]
    pub paths: Vec<PathBuf>,
    /// The directory to write to; new, empty, or an unfinished run of the same plan
    #[arg(long, value_name = "OUT")]
    pub out: Option<PathBuf>,
    /// Take the verdicts from a map of an earlier scan instead of scanning first; files that did not
    /// change since are not looked at again where it found nothing
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Replace what an earlier run has written to OUT
    #[arg(long)]
    pub overwrite: bool,
    /// Show what would happen to each field, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    #[command(flatten)]
    pub reading: ReadingArgs,
    #[command(flatten)]
    pub key: KeyArgs,
}

/// `loup reveal`.
#[derive(Debug, Args)]
pub struct RevealArgs {
    /// Pseudonyms; `-` for standard input, one a line
    #[arg(value_name = "VALUE", required_unless_present = "file", conflicts_with = "file")]
    pub values: Vec<String>,
    /// A text file in which every encrypted value is turned back, wherever it stands
    #[arg(long = "in", value_name = "FILE", requires = "out")]
    pub file: Option<PathBuf>,
    /// Where the text goes; never over an existing file
    #[arg(long, value_name = "FILE", requires = "file")]
    pub out: Option<PathBuf>,
    /// Turn back the values of this field alone, of a CSV or JSON file: a column, or `$.user.email`
    #[arg(long, value_name = "NAME", requires = "file")]
    pub field: Option<String>,
    #[command(flatten)]
    pub format: FormatArgs,
    /// Why: it goes to the audit log
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The audit log, which is made or continued; otherwise LOUP_AUDIT
    #[arg(long, value_name = "FILE")]
    pub audit: Option<PathBuf>,
    /// Turn back no more values than this
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub max_values: usize,
    /// The values are surrogates of this kind, as the manifest beside them says
    #[arg(long, value_name = "KIND", requires = "manifest")]
    pub kind: Option<String>,
    /// The manifest of the output that the surrogates are from: they carry no proof of their own
    #[arg(long, value_name = "FILE", requires = "kind")]
    pub manifest: Option<PathBuf>,
    /// A directory of rules that are added, or replace built-in ones of the same id
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    #[command(flatten)]
    pub key: KeyArgs,
}

/// `loup attack`.
#[derive(Debug, Args)]
pub struct AttackArgs {
    /// Files, directories or globs; `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write the result as JSON
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// For how long values are tried
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub seconds: f64,
    /// A salt that is known, tried before and behind the values; other users can see it in the list of
    /// processes. May be repeated
    #[arg(long = "salt", value_name = "SALT")]
    pub salts: Vec<String>,
    /// Try every line of this file, as it is and in lower case. May be repeated
    #[arg(long = "list", value_name = "FILE")]
    pub lists: Vec<PathBuf>,
    /// Try this alone: phone, ipv4, date, integer, nir; of some of them a part, as ipv4:192.0.2.0/24,
    /// phone:+336, integer:12 or nir:1850175 [default: all]
    #[arg(long = "try", value_name = "WHAT", value_delimiter = ',', value_parser = sort)]
    pub only: Vec<(Sort, String)>,
    /// Exit with 1 when at least this share of a field was reversed
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub fail_on: Option<f64>,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// `loup verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The directory that `loup mask` wrote to
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
    /// What it was made from, named as it was for `loup mask`: compare with it, and look for its values
    #[arg(long, value_name = "IN", num_args = 1..)]
    pub against: Vec<PathBuf>,
    /// Check the chain of the manifest and the files that it lists, and nothing else: no scan
    #[arg(long, conflicts_with = "against")]
    pub manifest: bool,
    /// Fail unless this is the seal of the manifest, or was before verifications were recorded in it
    #[arg(long, value_name = "HEX", value_parser = seal)]
    pub seal: Option<String>,
    /// Append the result to the manifest, which gets a new seal
    #[arg(long)]
    pub record: bool,
    /// Write the report as JSON; `-` for standard output, in the place of text
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// The keyring of the run, where each pseudonym is to be checked for being the right one
    #[arg(long, value_name = "FILE", requires = "against")]
    pub key_file: Option<PathBuf>,
    /// A program that writes that keyring, as for `loup mask`
    #[arg(long, value_name = "COMMAND", requires = "against", conflicts_with = "key_file")]
    pub key_command: Option<String>,
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
    /// Use the key file although others may read it
    #[arg(long)]
    pub allow_open_key_file: bool,
}

/// How inputs are read.
#[derive(Debug, Clone, Args)]
pub struct ReadingArgs {
    /// Regions of national phone numbers, in the order to try: `FR,BE`
    #[arg(long = "region", value_name = "CODE", value_delimiter = ',')]
    pub regions: Vec<String>,
    #[command(flatten)]
    pub format: FormatArgs,
    /// A directory of rules that are added, or replace built-in ones of the same id
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    /// The policy; otherwise LOUP_CONFIG, or loup.toml here or in a parent directory
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Confidence from which a candidate counts as a finding [default: 0.5]
    #[arg(long, value_name = "CONFIDENCE", value_parser = confidence)]
    pub min_confidence: Option<f64>,
    /// Worker threads [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// No summary and no progress bar
    #[arg(long, short)]
    pub quiet: bool,
}

/// The format of inputs, where it is not to be guessed.
#[derive(Debug, Clone, Args)]
pub struct FormatArgs {
    /// Read every input as this format, whatever it looks like
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: Option<InputFormat>,
    /// The delimiter of CSV files: one character, or `tab`
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    pub delimiter: Option<u8>,
    /// The first row of CSV files is data
    #[arg(long)]
    pub no_header: bool,
}

/// The key and the domain that pseudonyms are made in.
#[derive(Debug, Default, Args)]
pub struct KeyArgs {
    #[command(flatten)]
    pub source: KeySourceArgs,
    /// The pseudonymisation domain: tokens join inside it and cannot be linked across
    /// [default: default]
    #[arg(long, value_name = "NAME")]
    pub domain: Option<String>,
}

/// Where the key comes from; never the command line itself, which other users can list.
#[derive(Debug, Default, Args)]
pub struct KeySourceArgs {
    #[command(flatten)]
    pub file: KeyFileArgs,
    /// A program with arguments, quoted as in a shell and run without one, that writes the keyring to
    /// its standard output: `age --decrypt -i ID KEYRING`
    #[arg(long, value_name = "COMMAND", conflicts_with = "key_file")]
    pub key_command: Option<String>,
}

/// Where the keyring is.
#[derive(Debug, Default, Args)]
pub struct KeyFileArgs {
    /// The keyring; `-` for standard input. Otherwise LOUP_KEY_FILE, or LOUP_KEY
    #[arg(long, value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Use the key file although others may read it
    #[arg(long)]
    pub allow_open_key_file: bool,
    #[command(flatten)]
    pub passphrase: PassphraseArgs,
}

/// Where the passphrase of an encrypted keyring comes from; never the command line itself.
#[derive(Debug, Default, Args)]
pub struct PassphraseArgs {
    /// A program, as for --key-command, that writes the passphrase of an encrypted keyring. Otherwise
    /// LOUP_PASSPHRASE, or the terminal
    #[arg(long, value_name = "COMMAND", hide = !cfg!(feature = "age"))]
    pub passphrase_command: Option<String>,
}

/// `loup key`.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Make a keyring with one new key
    New {
        /// Where to write it; never over an existing file
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Encrypt the key with a passphrase
        #[arg(long, hide = !cfg!(feature = "age"))]
        passphrase: bool,
        #[command(flatten)]
        source: PassphraseArgs,
    },
    /// List the epochs of a keyring, and what it can do; never a key
    Show {
        /// How to list them
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ListFormat::Table)]
        format: ListFormat,
        #[command(flatten)]
        source: KeySourceArgs,
    },
    /// Open a new epoch in a key file: new pseudonyms get a new key, and old ones stay readable
    Rotate {
        #[command(flatten)]
        file: KeyFileArgs,
    },
    /// Remove the key of a retired epoch from a key file: its pseudonyms can never be made again
    Destroy {
        /// The epoch whose key to remove
        #[arg(long, value_name = "N")]
        epoch: u32,
        /// Do it; what is destroyed cannot be brought back
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        file: KeyFileArgs,
    },
    /// Write a keyring that can mask in one domain and do nothing else
    Export(ExportArgs),
    /// Write which token of one epoch is which of another, for values that are given
    Relink(RelinkArgs),
}

/// `loup key export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// What the keyring is for
    #[arg(long, value_enum, value_name = "PURPOSE")]
    pub purpose: ExportPurpose,
    /// The domain it is for
    #[arg(long, value_name = "NAME")]
    pub domain: String,
    /// Where to write it; never over an existing file
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub source: KeySourceArgs,
}

/// `loup key relink`.
#[derive(Debug, Args)]
pub struct RelinkArgs {
    /// Files of raw values, one a line; `-` for standard input
    #[arg(required = true, value_name = "VALUES")]
    pub values: Vec<PathBuf>,
    /// The kind that the values are of
    #[arg(long, value_name = "KIND")]
    pub kind: String,
    /// The epoch of the old tokens
    #[arg(long, value_name = "N")]
    pub from: u32,
    /// The epoch of the new tokens
    #[arg(long, value_name = "N")]
    pub to: u32,
    /// Where to write the table, as CSV that its owner alone can read; never over an existing file
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Encrypt the table with age for this recipient, `age1…`. May be repeated
    #[arg(long = "recipient", value_name = "RECIPIENT", hide = !cfg!(feature = "age"))]
    pub recipients: Vec<String>,
    /// Regions of national phone numbers, in the order to try: `FR,BE`
    #[arg(long = "region", value_name = "CODE", value_delimiter = ',')]
    pub regions: Vec<String>,
    /// Take `jean+shop@example.com` for `jean@example.com`, as a policy with `strip_email_tag` does
    #[arg(long)]
    pub strip_email_tag: bool,
    /// A directory of rules that are added, or replace built-in ones of the same id
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
    #[command(flatten)]
    pub key: KeyArgs,
}

/// What an exported keyring is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportPurpose {
    /// Tokens and hashes, and digests to count with
    Token,
}

/// `--format` of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For people
    Table,
    /// For programs
    Json,
}

/// `loup rules`.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List the rules in use
    List(RulesArgs),
    /// Run the examples of the rules: what must match, and what must not
    Test(RulesArgs),
    /// Check the rules for mistakes that need no example
    Lint(RulesArgs),
}

/// Which rules.
#[derive(Debug, Args)]
pub struct RulesArgs {
    /// A directory of rules that are added, or replace built-in ones of the same id
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
}

/// `--format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InputFormat {
    /// Lines
    Text,
    /// Delimited text with or without a header
    Csv,
    /// JSON documents
    Json,
    /// One JSON value a line
    Ndjson,
    /// Parquet
    Parquet,
}

fn confidence(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(confidence) if (0.0..=1.0).contains(&confidence) => Ok(confidence),
        _ => Err("a confidence lies between 0 and 1".to_owned()),
    }
}

fn share(text: &str) -> Result<f64, String> {
    confidence(text).map_err(|_| "a share lies between 0 and 1".to_owned())
}

fn seconds(text: &str) -> Result<f64, String> {
    const LONGEST: f64 = 1e9;
    match text.parse() {
        Ok(seconds) if (0.0..=LONGEST).contains(&seconds) => Ok(seconds),
        _ => Err("a number of seconds".to_owned()),
    }
}

fn seal(text: &str) -> Result<String, String> {
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("a seal has 64 hexadecimal digits".to_owned())
    }
}

fn sort(text: &str) -> Result<(Sort, String), String> {
    let (name, part) = text.split_once(':').unwrap_or((text, ""));
    let sort = Sort::ALL.into_iter().find(|sort| sort.name() == name && *sort != Sort::List);
    let sort = sort.ok_or("one of phone, ipv4, date, integer and nir")?;
    if sort.has_part(part) {
        Ok((sort, part.to_owned()))
    } else {
        Err(format!("{name} has no such part"))
    }
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text {
        "tab" | "\\t" => Ok(b'\t'),
        _ => match text.as_bytes() {
            [b'"' | b'\n' | b'\r'] => Err("this cannot be a delimiter".to_owned()),
            [byte] => Ok(*byte),
            _ => Err("a delimiter is one ASCII character, or `tab`".to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_is_tried_can_be_a_part() {
        for whole in ["phone", "ipv4", "date", "integer", "nir"] {
            assert_eq!(
                sort(whole).map(|(sort, part)| (sort.name().to_owned(), part)),
                Ok((whole.to_owned(), String::new()))
            );
        }
        for part in ["ipv4:192.0.2.0/24", "phone:+336", "integer:12", "nir:1850175"] {
            assert!(sort(part).is_ok(), "{part}");
        }
        for wrong in ["list", "email", "ipv4:300.0.0.0/8", "phone:06a", "integer:012", "date:2020"]
        {
            assert!(sort(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn delimiters_are_one_byte() {
        assert_eq!(delimiter("tab"), Ok(b'\t'));
        assert_eq!(delimiter(";"), Ok(b';'));
        assert!(delimiter("||").is_err() && delimiter("\"").is_err() && delimiter("é").is_err());
    }
}
