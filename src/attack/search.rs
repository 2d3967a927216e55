//! The loop: every candidate of a unit is hashed, and its digest looked up.

use super::domain::{Domain, Visit};
use super::function::{Crc32, Farm64, Function, Heads, OfMd5, OfSha1, OfSha256, OfSha512};
use super::targets::Targets;
use super::text::{Salt, Text};

/// What units gave.
#[derive(Debug, Default)]
pub struct Found {
    /// How many units were tried.
    pub units: u64,
    /// Candidates that were tried.
    pub tried: u64,
    /// The numbers of the targets that were hit; one may come several times.
    pub targets: Vec<u32>,
}

impl Found {
    /// Adds what another thread found.
    pub fn merge(&mut self, other: Self) {
        self.units += other.units;
        self.tried += other.tried;
        self.targets.extend(other.targets);
    }
}

/// Tries the values of one unit of `domain` with `function` and `salt`, and adds what it finds.
pub(super) fn search(
    function: Function,
    salt: &Salt,
    domain: &Domain,
    unit: u64,
    targets: &Targets,
    found: &mut Found,
) {
    match function {
        Function::Crc32 => run::<Crc32>(function, salt, domain, unit, targets, found),
        Function::Farm64 => run::<Farm64>(function, salt, domain, unit, targets, found),
        Function::Md5 => run::<OfMd5>(function, salt, domain, unit, targets, found),
        Function::Sha1 => run::<OfSha1>(function, salt, domain, unit, targets, found),
        Function::Sha224 => run::<OfSha256<true>>(function, salt, domain, unit, targets, found),
        Function::Sha256 => run::<OfSha256<false>>(function, salt, domain, unit, targets, found),
        Function::Sha384 => run::<OfSha512<true>>(function, salt, domain, unit, targets, found),
        Function::Sha512 => run::<OfSha512<false>>(function, salt, domain, unit, targets, found),
    }
}

fn run<H: Heads>(
    function: Function,
    salt: &Salt,
    domain: &Domain,
    unit: u64,
    targets: &Targets,
    found: &mut Found,
) {
    let heads = std::marker::PhantomData::<H>;
    domain.visit(unit, salt, &mut Searcher { function, targets, found, heads });
}

struct Searcher<'a, H> {
    function: Function,
    targets: &'a Targets,
    found: &'a mut Found,
    heads: std::marker::PhantomData<H>,
}

impl<H: Heads> Visit for Searcher<'_, H> {
    #[inline]
    fn text(&mut self, text: &Text<'_>) {
        self.found.tried += 1;
        let head = H::head(text);
        if self.targets.may_hold(head) {
            let message = &text.padded()[..text.len()];
            self.targets.look_up(self.function, head, message, &mut self.found.targets);
        }
    }

    fn long(&mut self, message: &[u8]) {
        self.found.tried += 1;
        let digest = self.function.digest(message);
        let head = u64::from_be_bytes(digest[..8].try_into().expect("eight bytes"));
        if self.targets.may_hold(head) {
            self.targets.look_up(self.function, head, message, &mut self.found.targets);
        }
    }
}
