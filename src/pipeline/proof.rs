//! What makes a map proof of what is in a file: the stamp of a file that a survey read to its end.
//!
//! A survey that found nothing in a column says that nobody has to look at it again, as long as the
//! bytes are those that were surveyed, and as long as a survey would still see the same in them. So a
//! stamp is a digest of the file's identity and of all that decides what a survey sees. It is compared,
//! never read, and tells nothing of the machine that it comes from.

use std::path::Path;
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::drive::Task;
use super::input::FormatOverrides;
use crate::detect::Detector;
use crate::source::{FileIdentity, InputFile};

/// Bytes of a stamp.
const STAMP_BYTES: usize = 16;

/// What decides, beside its bytes, what a survey sees in a file.
pub(super) struct Terms(Sha256);

impl Terms {
    pub(super) fn new(
        detector: &Detector,
        min_confidence: f64,
        overrides: FormatOverrides,
    ) -> Self {
        let regions: Vec<_> = detector.regions().iter().map(ToString::to_string).collect();
        let mut digest = Sha256::new();
        for part in [
            "loup.survey/1",
            env!("CARGO_PKG_VERSION"),
            &detector.rules().digest,
            &regions.join(","),
            &min_confidence.to_string(),
            &format!("{overrides:?}"),
        ] {
            enter(&mut digest, part);
        }
        Self(digest)
    }

    /// The stamp of a file that was read to its end. Only fields are passed over, so that no other file
    /// has one; nor has a file that could have changed unseen while it was read.
    pub(super) fn stamp_of(&self, task: &Task) -> Option<String> {
        let Task { file, identity, .. } = task;
        file.content.has_fields().then_some(self.stamp(&file.input, identity.as_ref()?))
    }

    /// The stamp of a file of that identity.
    pub(super) fn stamp(&self, input: &InputFile, identity: &FileIdentity) -> String {
        let mut digest = self.0.clone();
        enter(&mut digest, &input.relative);
        enter(&mut digest, &input.dataset);
        identity.digest_into(&mut digest);
        hex(digest)
    }

    /// All of it, for a manifest: two runs with one of these see the same in the same bytes.
    pub(super) fn digest(&self) -> String {
        hex(self.0.clone())
    }
}

fn hex(digest: Sha256) -> String {
    digest.finalize()[..STAMP_BYTES].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Its length before each part keeps parts apart.
fn enter(digest: &mut Sha256, part: &str) {
    digest.update((part.len() as u64).to_be_bytes());
    digest.update(part);
}

/// The identity of a file that is about to be read, unless a change of it while it is read could go
/// unseen.
pub(super) fn settled(path: &Path) -> Option<FileIdentity> {
    let identity = FileIdentity::of(path).ok()?;
    identity.is_settled(SystemTime::now()).then_some(identity)
}
