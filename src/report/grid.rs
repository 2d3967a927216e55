//! Tables for a terminal: columns as wide as their content where that fits, and the same table
//! with its groups as headings where it does not.
//!
//! Widths are terminal columns by [`columns`]. When space is short, the widest column that may
//! shrink gives way first, its cells losing their middle (`login ok user=…status=200`); then
//! columns are left out, in the order they declare. Names come from the data's owner, so every
//! cell is cleaned of what a terminal would obey.

use super::table::TableOptions;

/// Blanks between two columns.
const GAP: usize = 2;
/// Rows are set in by this much under a heading.
const INDENT: usize = 2;

/// A column that is shown whole or not at all.
const FIXED: usize = usize::MAX;

/// Columns that shrink keep this much while groups stand beside their rows.
const ROOMY: usize = 24;

/// How a cell is set off, where colour is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Plain,
    Strong,
    Faint,
    Accent,
    Warning,
}

#[derive(Debug, Clone)]
pub(super) struct Cell {
    text: String,
    tone: Tone,
}

impl Cell {
    /// `text` is cleaned of control characters.
    pub(super) fn new(text: impl AsRef<str>, tone: Tone) -> Self {
        Self { text: clean(text.as_ref()), tone }
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub title: &'static str,
    /// Numbers stand at the right of their column.
    pub right: bool,
    /// The width below which the column is left out rather than shrunk; [`FIXED`] for numbers.
    pub min: usize,
    /// The column with the highest rank is left out first; rank 0 stays.
    pub rank: u8,
}

impl Column {
    /// Text that may shrink to `min` columns.
    pub(super) const fn text(title: &'static str, min: usize, rank: u8) -> Self {
        Self { title, right: false, min, rank }
    }

    /// Text that is shown whole.
    pub(super) const fn word(title: &'static str, rank: u8) -> Self {
        Self { title, right: false, min: FIXED, rank }
    }

    /// Numbers.
    pub(super) const fn number(title: &'static str, rank: u8) -> Self {
        Self { title, right: true, min: FIXED, rank }
    }
}

/// Rows that share what the first column says.
pub(super) struct Group {
    pub title: Cell,
    /// As many cells as there are columns, less the first.
    pub rows: Vec<Vec<Cell>>,
}

/// The table as lines, each ended by a line feed, no blanks at their ends; nothing where there is
/// no row. The first of `columns` is the group's; where no group has a title, rows are set in.
pub(super) fn render(columns: &[Column], groups: &[Group], options: &TableOptions) -> String {
    if groups.iter().all(|group| group.rows.is_empty()) {
        return String::new();
    }
    let (group_column, columns) = (&columns[0], &columns[1..]);
    let mut natural = vec![0; columns.len()];
    for row in groups.iter().flat_map(|group| &group.rows) {
        for (width, cell) in natural.iter_mut().zip(row) {
            *width = (*width).max(self::columns(&cell.text));
        }
    }
    for (width, column) in natural.iter_mut().zip(columns) {
        // A column without content needs no title either.
        if *width > 0 {
            *width = (*width).max(self::columns(column.title));
        }
    }
    let titles = groups.iter().map(|group| self::columns(&group.title.text));
    let title_width = titles.max().unwrap_or(0).max(self::columns(group_column.title));

    let beside: Vec<Column> = std::iter::once(group_column)
        .chain(columns)
        .map(|column| Column { min: column.min.max(ROOMY), ..*column })
        .collect();
    let widths: Vec<usize> = std::iter::once(title_width).chain(natural.clone()).collect();
    let present = widths.iter().filter(|&&width| width > 0).count();
    let fitted = fit(&beside, &widths, options.width);
    if title_width > 0 && fitted.iter().filter(|&&width| width > 0).count() == present {
        return lines_beside(&beside, groups, &fitted, options);
    }
    let fitted = fit(columns, &natural, options.width.saturating_sub(INDENT));
    lines_under_headings(columns, groups, &fitted, options)
}

/// The table with the group's title in its first column, on the first row of the group only.
fn lines_beside(
    columns: &[Column],
    groups: &[Group],
    widths: &[usize],
    options: &TableOptions,
) -> String {
    let mut out = String::new();
    push_line(&mut out, 0, columns, &header(columns), widths, options);
    for group in groups {
        let mut title = group.title.clone();
        for row in &group.rows {
            let cells: Vec<Cell> =
                std::iter::once(title.clone()).chain(row.iter().cloned()).collect();
            push_line(&mut out, 0, columns, &cells, widths, options);
            title.text.clear();
        }
    }
    out
}

/// The table with each group's title on a line of its own.
fn lines_under_headings(
    columns: &[Column],
    groups: &[Group],
    widths: &[usize],
    options: &TableOptions,
) -> String {
    let mut out = String::new();
    push_line(&mut out, INDENT, columns, &header(columns), widths, options);
    for group in groups.iter().filter(|group| !group.rows.is_empty()) {
        let title = cut(&group.title.text, options.width, options.unicode);
        if !title.is_empty() {
            out.push_str(&paint(&title, group.title.tone, options.color));
            out.push('\n');
        }
        for row in &group.rows {
            push_line(&mut out, INDENT, columns, row, widths, options);
        }
    }
    out
}

fn header(columns: &[Column]) -> Vec<Cell> {
    columns.iter().map(|column| Cell::new(column.title, Tone::Faint)).collect()
}

/// Widths that fit into `width`, gaps included; 0 for a column that is left out or empty.
fn fit(columns: &[Column], natural: &[usize], width: usize) -> Vec<usize> {
    // Nothing can be wider than the line, and names of any length must not cost time here.
    let mut natural: Vec<usize> = natural.iter().map(|&n| n.min(width.max(1))).collect();
    loop {
        let mut widths = natural.clone();
        while line_width(&widths) > width {
            let widest = (0..widths.len())
                .filter(|&i| widths[i] > columns[i].min.min(natural[i]))
                .max_by_key(|&i| widths[i]);
            let Some(widest) = widest else { break };
            widths[widest] -= 1;
        }
        let last = (0..widths.len())
            .filter(|&i| widths[i] > 0 && columns[i].rank > 0)
            .max_by_key(|&i| columns[i].rank);
        match last {
            Some(last) if line_width(&widths) > width => natural[last] = 0,
            _ => return widths,
        }
    }
}

fn line_width(widths: &[usize]) -> usize {
    let present = widths.iter().filter(|&&width| width > 0).count();
    widths.iter().sum::<usize>() + GAP * present.saturating_sub(1)
}

/// One line of cells, without blanks at its end.
fn push_line(
    out: &mut String,
    indent: usize,
    columns: &[Column],
    cells: &[Cell],
    widths: &[usize],
    options: &TableOptions,
) {
    // Blanks owed before the next text: none are written where none follows.
    let mut blanks = indent;
    for ((column, cell), &width) in columns.iter().zip(cells).zip(widths) {
        if width == 0 {
            continue;
        }
        let text = cut(&cell.text, width, options.unicode);
        let rest = width.saturating_sub(self::columns(&text));
        let (before, after) = if column.right { (rest, 0) } else { (0, rest) };
        blanks += before;
        if text.is_empty() {
            blanks += after + GAP;
            continue;
        }
        out.extend(std::iter::repeat_n(' ', blanks));
        out.push_str(&paint(&text, cell.tone, options.color));
        blanks = after + GAP;
    }
    // The header of a table without titles is no line.
    if cells.iter().any(|cell| !cell.text.is_empty()) {
        out.push('\n');
    }
}

/// `text` in at most `width` terminal columns, its middle replaced by `…` (or `...`).
pub(super) fn cut(text: &str, width: usize, unicode: bool) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let ellipsis = if unicode { "…" } else { "..." };
    let Some(room) = width.checked_sub(columns(ellipsis)) else {
        return ellipsis.chars().take(width).collect();
    };
    let take = |chars: &mut dyn Iterator<Item = char>, mut room: usize| -> String {
        let fits = |c: &char| match room.checked_sub(column(*c)) {
            Some(left) => {
                room = left;
                true
            }
            None => false,
        };
        chars.take_while(fits).collect()
    };
    let head = take(&mut text.chars(), room.div_ceil(2));
    let tail = take(&mut text.chars().rev(), room / 2);
    format!("{head}{ellipsis}{}", tail.chars().rev().collect::<String>())
}

/// `text` between the escapes of its tone, or as it is without `color`.
pub(super) fn paint(text: &str, tone: Tone, color: bool) -> String {
    let code = match tone {
        _ if !color || text.is_empty() => return text.to_owned(),
        Tone::Plain => return text.to_owned(),
        Tone::Strong => "1",
        Tone::Faint => "2",
        Tone::Accent => "36",
        Tone::Warning => "33",
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

/// `text` with what a terminal would obey or hide replaced: control characters (an escape
/// sequence in a column's name must not run) and the marks that turn the direction of writing.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                '\u{fffd}'
            }
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Terminal columns of `text`.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(column).sum()
}

/// Terminal columns of one character: none for common combining marks and joiners, two for the
/// wide blocks of East Asia and emoji, else one. Whole blocks stand for the table of UAX #11,
/// so a rare character may put a line out of true by one column, and nothing worse.
fn column(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{303e}'
        | '\u{3041}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cut_keeps_both_ends() {
        assert_eq!(cut("login ok user=<email> from <ip>", 20, true), "login ok u…from <ip>");
        assert_eq!(cut("short", 5, true), "short");
        assert_eq!(cut("a longer one", 9, false), "a l...one");
        assert_eq!(cut("anything", 0, true), "");
    }

    #[test]
    fn wide_characters_take_two_columns_and_combining_marks_none() {
        assert_eq!(columns("名前"), 4);
        assert_eq!(columns("e\u{301}"), 1);
    }

    #[test]
    fn escape_sequences_and_direction_marks_are_replaced() {
        assert_eq!(clean("a\x1b[31mb\u{202e}c\r\n"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}\u{fffd}");
    }

    #[test]
    fn columns_shrink_before_they_are_left_out_and_the_highest_rank_goes_first() {
        let column = |min, rank| Column { title: "", right: false, min, rank };
        let columns = [column(10, 0), column(FIXED, 1), column(FIXED, 2)];
        assert_eq!(fit(&columns, &[30, 8, 8], 50), [30, 8, 8]);
        assert_eq!(fit(&columns, &[30, 8, 8], 40), [20, 8, 8]);
        assert_eq!(fit(&columns, &[30, 8, 8], 29), [19, 8, 0]);
        assert_eq!(fit(&columns, &[30, 8, 8], 3), [3, 0, 0]);
    }

    proptest! {
        #[test]
        fn a_cut_is_never_wider_than_asked(text in "\\PC{0,40}", width in 0_usize..40, uni: bool) {
            prop_assert!(columns(&cut(&text, width, uni)) <= width);
        }
    }
}
