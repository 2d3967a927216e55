//! Maps and findings do not depend on how the work was cut, and maps add up.

use loup::datamap::{DataMap, MAX_FIELDS};
use loup::pipeline::Effort;
use proptest::prelude::*;

use super::inputs::{Folder, folder};
use super::run::{PLAIN, config, effort, files_in, finished, scan};

proptest! {
    #![proptest_config(config(96))]

    #[test]
    fn the_map_and_the_findings_do_not_depend_on_threads_or_chunks(
        folder in folder(4),
        efforts in prop::collection::vec(effort(), 2),
    ) {
        let root = tempfile::tempdir().unwrap();
        folder.write(root.path());
        let files = files_in(root.path());
        let mut listed = Vec::new();
        let plain = scan(&files, PLAIN, Some(&mut listed));
        for effort in efforts {
            let mut again = Vec::new();
            let scanned = scan(&files, effort, Some(&mut again));
            prop_assert_eq!(&scanned.map, &plain.map, "{:?}", effort);
            prop_assert_eq!(&scanned.counts, &plain.counts, "{:?}", effort);
            prop_assert_eq!(text(&again), text(&listed), "{:?}", effort);
        }
    }

    #[test]
    fn the_map_of_parts_is_the_map_of_the_whole(
        folder in folder(4),
        parts in prop::collection::vec(0..3usize, 7),
        effort in effort(),
    ) {
        let root = tempfile::tempdir().unwrap();
        folder.write(root.path());
        let files = files_in(root.path());
        let counts = |part: usize| {
            let of_part = files.iter().zip(&parts).filter(|(_, p)| **p == part);
            let of_part: Vec<_> = of_part.map(|(file, _)| file.clone()).collect();
            scan(&of_part, effort, None).counts
        };
        let whole = scan(&files, PLAIN, None).counts;
        adds_up([counts(0), counts(1), counts(2)], &whole)?;
    }
}

#[test]
fn maps_add_up_beyond_the_cap_on_fields() {
    let keys = |range: std::ops::Range<usize>| {
        let member =
            |n| format!("\"k{n}\":{{\"name\":\"Jane Doe\",\"of\":\"user{n}@example.com\"}}");
        let members = range.map(member);
        format!("{{{}}}\n", members.collect::<Vec<_>>().join(",")).into_bytes()
    };
    // Each part is beyond the cap or near it, and none has the fields that the others have.
    let parts = [keys(0..2300), keys(1500..3200), keys(900..2100)];
    let names = ["events/part-0.ndjson", "events/part-1.ndjson", "events/part-2.ndjson"];
    let folder = Folder(names.map(str::to_owned).into_iter().zip(parts).collect());
    let whole = check_parts(&folder);
    let events = &whole.datasets["events"];
    assert_eq!(events.len(), MAX_FIELDS);
    assert_eq!(events.beyond().len(), 2, "names, and what is named nothing");
    assert!(events.beyond().values().all(|beyond| beyond.values > 0));
}

#[test]
fn maps_add_up_beyond_exact_distinct_counts() {
    let lines = |range: std::ops::Range<usize>| {
        let lines = range.map(|n| format!("login ok email=user{n}@example.com\n"));
        lines.collect::<String>().into_bytes()
    };
    let parts = [lines(0..3000), lines(2500..6000), lines(5900..6100)];
    let names = ["app.log", "app.log.1", "app.log.2"];
    check_parts(&Folder(names.map(str::to_owned).into_iter().zip(parts).collect()));
}

/// Scans a folder of three files whole and in parts, with several efforts.
fn check_parts(folder: &Folder) -> DataMap {
    let root = tempfile::tempdir().unwrap();
    folder.write(root.path());
    let files = files_in(root.path());
    let whole = scan(&files, PLAIN, None).counts;
    for effort in [Effort { threads: 3, chunk_bytes: 64 }, Effort { threads: 2, ..PLAIN }] {
        assert!(scan(&files, effort, None).counts == whole, "{effort:?}");
    }
    let part = |index: usize| scan(&files[index..=index], PLAIN, None).counts;
    adds_up([part(0), part(1), part(2)], &whole).unwrap();
    whole
}

/// In any order and any grouping.
fn adds_up(parts: [DataMap; 3], whole: &DataMap) -> Result<(), TestCaseError> {
    let [a, b, c] = parts;
    let left = merged(merged(a.clone(), &b), &c);
    let right = merged(a.clone(), &merged(b.clone(), &c));
    let back = merged(merged(c, &b), &a);
    for sum in [left, right, back] {
        prop_assert_eq!(finished(&sum), finished(whole));
        prop_assert!(sum == *whole);
    }
    Ok(())
}

fn merged(mut a: DataMap, b: &DataMap) -> DataMap {
    a.merge(b.clone());
    a
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}
