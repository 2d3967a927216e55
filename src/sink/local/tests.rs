use super::super::FileState;
use super::super::manifest::tests::example;
use super::*;

const PLAN: OutDirOptions<'_> = OutDirOptions {
    plan_digest: "plan",
    started: "2026-11-20T10:00:00Z",
    overwrite: false,
    secret: None,
};
const OVERWRITE: OutDirOptions<'_> = OutDirOptions { overwrite: true, ..PLAN };
const OTHER_PLAN: OutDirOptions<'_> = OutDirOptions { plan_digest: "other", ..PLAN };
const NO_INPUTS: [&str; 0] = [];

/// Inputs `in/a.csv`, `in/b/c.csv` and a place for an output, `out`.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.put("in/a.csv", "input a");
        place.put("in/b/c.csv", "input c");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn prepare(&self, options: OutDirOptions<'_>) -> Result<OutDir, SinkError> {
        OutDir::prepare(&self.path("out"), &[self.path("in")], options)
    }

    /// The files in OUT and what they hold, apart from manifest and journal.
    fn outputs(&self) -> Vec<(String, String)> {
        let root = self.path("out");
        let files = WalkDir::new(&root).sort_by_file_name().into_iter().map(Result::unwrap);
        files
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| (shown(entry.path().strip_prefix(&root).unwrap()), entry.into_path()))
            .filter(|(name, _)| name != MANIFEST_NAME && name != JOURNAL_NAME)
            .map(|(name, path)| (name, fs::read_to_string(path).unwrap()))
            .collect()
    }

    fn input(&self, name: &str) -> (InputFile, InputStamp) {
        let files = crate::source::discover(&[self.path("in")]).unwrap();
        let file = files.into_iter().find(|file| file.relative == name).unwrap();
        let stamp = InputStamp::of(&file.path).unwrap();
        (file, stamp)
    }

    /// Writes and records the output of one input.
    fn protect(&self, out: &OutDir, name: &str, text: &str) -> FileEntry {
        let (file, stamp) = self.input(name);
        let mut staged = out.stage(&file.relative_path).unwrap();
        staged.write_all(text.as_bytes()).unwrap();
        let committed = staged.commit().unwrap();
        let entry = FileEntry {
            bytes_out: committed.bytes,
            sha256: Some(committed.sha256),
            ..FileEntry::new(name, FileState::Protected, file.bytes)
        };
        out.record(&entry, stamp).unwrap();
        entry
    }

    /// A whole run over `a.csv`.
    fn finished(&self) {
        let out = self.prepare(PLAN).unwrap();
        let entry = self.protect(&out, "a.csv", "first");
        out.finish(manifest([entry])).unwrap();
    }
}

fn manifest(files: impl IntoIterator<Item = FileEntry>) -> Manifest {
    Manifest { files: files.into_iter().collect(), ..example() }
}

#[test]
fn a_run_leaves_its_outputs_and_a_manifest() {
    let place = Place::new();
    let out = place.prepare(PLAN).unwrap();
    let c = place.protect(&out, "b/c.csv", "abc");
    let a = place.protect(&out, "a.csv", "");
    assert!(place.path("out").join(JOURNAL_NAME).exists());
    assert_eq!(manifest::read(&place.path("out")).unwrap(), None);
    out.finish(manifest([c.clone(), a.clone()])).unwrap();

    assert!(!place.path("out").join(JOURNAL_NAME).exists());
    assert_eq!(manifest::read(&place.path("out")).unwrap().unwrap().files, [a, c.clone()]);
    // FIPS 180-2, appendix B.1.
    let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!((c.sha256.as_deref(), c.bytes_out), (Some(digest), 3));
}

#[test]
fn an_output_appears_when_it_is_committed_and_not_before() {
    let place = Place::new();
    let out = place.prepare(PLAN).unwrap();
    let mut staged = out.stage(Path::new("a.csv")).unwrap();
    staged.write_all(b"half").unwrap();
    staged.flush().unwrap();
    assert!(!place.path("out/a.csv").exists());
    assert_eq!(staged.bytes(), 4);
    drop(staged);
    assert_eq!(place.outputs(), []);
}

#[test]
fn an_output_that_overlaps_an_input_is_refused() {
    let place = Place::new();
    for out in ["in", "in/new/deep", "in/a.csv", "", "new/../in/x"] {
        let inputs = [place.path("in")];
        let refused = OutDir::prepare(&place.path(out), &inputs, PLAN);
        match out {
            "new/../in/x" => assert!(matches!(refused, Err(SinkError::Io { .. })), "{out}"),
            _ => assert!(matches!(refused, Err(SinkError::Overlap { .. })), "{out}"),
        }
    }
    let file = [place.path("in/a.csv")];
    for out in ["in", "in/a.csv"] {
        let refused = OutDir::prepare(&place.path(out), &file, PLAN);
        assert!(matches!(refused, Err(SinkError::Overlap { .. })), "{out}");
    }
    // Beside a single file is not inside it.
    assert!(OutDir::prepare(&place.path("in/masked"), &file, PLAN).is_ok());
    assert_eq!(fs::read_to_string(place.path("in/a.csv")).unwrap(), "input a");
}

#[test]
fn what_is_there_already_is_refused() {
    let place = Place::new();
    place.put("file", "x");
    let refused = OutDir::prepare(&place.path("file"), &NO_INPUTS, PLAN);
    assert!(matches!(refused, Err(SinkError::NotADirectory { .. })));
    let refused = OutDir::prepare(&place.path("file/below"), &NO_INPUTS, PLAN);
    assert!(matches!(refused, Err(SinkError::NotADirectory { .. })));

    place.put("out/theirs.txt", "x");
    for options in [PLAN, OVERWRITE] {
        let refused = place.prepare(options).unwrap_err();
        assert!(matches!(refused, SinkError::NotEmpty { .. }), "{refused}");
        assert!(refused.help().is_some());
    }
    assert_eq!(place.outputs(), [("theirs.txt".into(), "x".into())]);
}

#[test]
fn an_empty_directory_is_taken() {
    let place = Place::new();
    fs::create_dir(place.path("out")).unwrap();
    assert!(!place.prepare(PLAN).unwrap().is_continued());
}

#[test]
fn a_finished_run_is_replaced_only_when_asked() {
    let place = Place::new();
    place.finished();
    assert!(matches!(place.prepare(PLAN), Err(SinkError::Finished { .. })));
    let out = place.prepare(OVERWRITE).unwrap();
    assert!(!out.is_continued());
    assert_eq!(place.outputs(), []);
    assert_eq!(manifest::read(&place.path("out")).unwrap(), None);
}

#[test]
fn overwrite_touches_nothing_where_a_foreign_file_is() {
    let place = Place::new();
    place.finished();
    place.put("out/notes/theirs.txt", "x");
    let refused = place.prepare(OVERWRITE).unwrap_err();
    assert!(refused.to_string().ends_with("such as notes/theirs.txt"), "{refused}");
    assert_eq!(place.outputs().len(), 2);
    assert!(manifest::read(&place.path("out")).unwrap().is_some());
}

#[test]
fn an_unfinished_run_is_continued_under_the_same_plan_only() {
    let place = Place::new();
    let out = place.prepare(PLAN).unwrap();
    let entry = place.protect(&out, "a.csv", "first");
    // Killed while it wrote the next.
    let staged = out.stage(Path::new("b/c.csv")).unwrap();
    std::mem::forget(staged);
    drop(out);

    assert!(matches!(place.prepare(OTHER_PLAN), Err(SinkError::OtherPlan { .. })));
    assert_eq!(place.outputs().len(), 2);

    let out = place.prepare(PLAN).unwrap();
    assert!(out.is_continued());
    assert_eq!(place.outputs(), [("a.csv".into(), "first".into())]);
    let (a, stamp) = place.input("a.csv");
    assert_eq!(out.reuse(&a, stamp).unwrap(), Some(entry.clone()));
    let (c, stamp) = place.input("b/c.csv");
    assert_eq!(out.reuse(&c, stamp).unwrap(), None);
    let second = place.protect(&out, "b/c.csv", "second");
    out.finish(manifest([entry, second])).unwrap();
    assert_eq!(place.outputs().len(), 2);
}

#[test]
fn a_file_whose_name_was_given_before_the_journal_knew_is_done_again() {
    let place = Place::new();
    let out = place.prepare(PLAN).unwrap();
    let mut staged = out.stage(Path::new("a.csv")).unwrap();
    staged.write_all(b"unrecorded").unwrap();
    staged.commit().unwrap();
    drop(out);

    let out = place.prepare(PLAN).unwrap();
    place.protect(&out, "a.csv", "again");
    assert_eq!(place.outputs(), [("a.csv".into(), "again".into())]);
    drop(out);
    assert!(place.prepare(OVERWRITE).is_ok());
    assert_eq!(place.outputs(), []);
}

#[test]
fn a_changed_input_or_output_is_done_again_and_its_output_is_gone_at_once() {
    let changes: [fn(&Place); 3] = [
        |place| place.put("in/a.csv", "another input"),
        |place| place.put("out/a.csv", "cut"),
        |place| fs::remove_file(place.path("out/a.csv")).unwrap(),
    ];
    for change in changes {
        let place = Place::new();
        let out = place.prepare(PLAN).unwrap();
        place.protect(&out, "a.csv", "first");
        drop(out);
        change(&place);
        let out = place.prepare(PLAN).unwrap();
        let (file, stamp) = place.input("a.csv");
        assert_eq!(out.reuse(&file, stamp).unwrap(), None);
        assert_eq!(place.outputs(), []);
    }
}

#[test]
fn an_input_that_failed_is_tried_again() {
    let place = Place::new();
    let out = place.prepare(PLAN).unwrap();
    let (file, stamp) = place.input("a.csv");
    out.record(&FileEntry::quarantined("a.csv", 7, "not readable"), stamp).unwrap();
    drop(out);
    assert_eq!(place.prepare(PLAN).unwrap().reuse(&file, stamp).unwrap(), None);
}

#[test]
fn what_the_manifest_does_not_list_is_removed_at_the_end() {
    let place = Place::new();
    let out = place.prepare(PLAN).unwrap();
    place.protect(&out, "b/c.csv", "its input is gone in the next attempt");
    drop(out);
    let out = place.prepare(PLAN).unwrap();
    place.protect(&out, "a.csv", "failed after all");
    out.finish(manifest([FileEntry::quarantined("a.csv", 7, "not readable")])).unwrap();
    assert_eq!(place.outputs(), []);
    assert!(!place.path("out/b").exists());
}

#[test]
fn two_runs_do_not_share_an_output() {
    let place = Place::new();
    let _out = place.prepare(PLAN).unwrap();
    for options in [PLAN, OVERWRITE] {
        assert!(matches!(place.prepare(options), Err(SinkError::Busy { .. })));
    }
}

#[test]
fn names_that_leave_the_directory_or_are_taken_are_refused() {
    let place = Place::new();
    let out = place.prepare(PLAN).unwrap();
    for name in [
        "",
        "..",
        "../x",
        "a/../../x",
        "/etc/x",
        "./x",
        MANIFEST_NAME,
        JOURNAL_NAME,
        "a/.loup-tmp-1",
    ] {
        let refused = out.stage(Path::new(name));
        assert!(matches!(refused, Err(SinkError::BadName { .. })), "{name}");
    }
    place.put("out/theirs.csv", "x");
    assert!(matches!(out.stage(Path::new("theirs.csv")), Err(SinkError::Exists { .. })));
}

#[test]
fn an_edited_journal_does_not_reach_outside() {
    let place = Place::new();
    drop(place.prepare(PLAN).unwrap());
    let path = place.path("out").join(JOURNAL_NAME);
    let journal = fs::read_to_string(&path).unwrap() + "{\"begin\":\"../in/a.csv\"}\n";
    fs::write(&path, journal).unwrap();
    let out = place.prepare(PLAN).unwrap();
    assert!(matches!(out.finish(manifest([])), Err(SinkError::BadName { .. })));
    place.prepare(OVERWRITE).unwrap();
    assert!(place.path("in/a.csv").exists());
}

#[test]
fn a_full_disk_and_a_closed_door_come_with_advice() {
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::PermissionDenied] {
        let error = SinkError::io("write", Path::new("out/a.csv"))(kind.into());
        assert_eq!(error.to_string(), format!("cannot write out/a.csv: {kind}"));
        assert!(error.help().is_some());
    }
}

#[test]
fn threads_write_at_the_same_time() {
    let place = Place::new();
    let out = place.prepare(PLAN).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let out = &out;
            scope.spawn(move || {
                for number in 0..8 {
                    let name = format!("{thread}/{number}.csv");
                    let mut staged = out.stage(Path::new(&name)).unwrap();
                    staged.write_all(name.as_bytes()).unwrap();
                    staged.commit().unwrap();
                }
            });
        }
    });
    assert_eq!(place.outputs().len(), 32);
    assert!(place.outputs().iter().all(|(name, text)| name == text));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn links_do_not_hide_an_overlap() {
        let place = Place::new();
        symlink(place.path("in"), place.path("link")).unwrap();
        for out in ["link", "link/b", "link/new/deep"] {
            let refused = OutDir::prepare(&place.path(out), &[place.path("in")], PLAN);
            assert!(matches!(refused, Err(SinkError::Overlap { .. })), "{out}");
        }
        let refused = OutDir::prepare(&place.path("in/b"), &[place.path("link")], PLAN);
        assert!(matches!(refused, Err(SinkError::Overlap { .. })));
        symlink(place.path("nowhere"), place.path("broken")).unwrap();
        let refused = OutDir::prepare(&place.path("broken"), &NO_INPUTS, PLAN);
        assert!(matches!(refused, Err(SinkError::NotADirectory { .. })));
    }

    #[test]
    fn a_link_in_the_output_leads_nowhere() {
        let place = Place::new();
        let out = place.prepare(PLAN).unwrap();
        symlink(place.path("in"), place.path("out/b")).unwrap();
        assert!(matches!(out.stage(Path::new("b/new/c.csv")), Err(SinkError::BadName { .. })));
        assert!(!place.path("in/b/new").exists() && !place.path("in/new").exists());
        symlink(place.path("in/a.csv"), place.path("out/a.csv")).unwrap();
        assert!(matches!(out.stage(Path::new("a.csv")), Err(SinkError::Exists { .. })));
    }

    #[test]
    fn outputs_are_private_until_they_are_whole() {
        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        let place = Place::new();
        let out = place.prepare(PLAN).unwrap();
        let journal = mode(&place.path("out").join(JOURNAL_NAME));
        let staged = out.stage(Path::new("a.csv")).unwrap();
        assert_eq!(mode(staged.writer.get_ref().path()), 0o600);
        staged.commit().unwrap();
        assert_eq!(mode(&place.path("out/a.csv")), journal & 0o644);
    }
}
