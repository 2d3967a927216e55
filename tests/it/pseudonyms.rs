//! The published vectors of pseudonyms, by the second implementation. Beside them, `src/protect` is
//! tested with the same file.

use crate::support::{Desk, project};

#[test]
fn the_published_vectors_are_those_that_are_computed() {
    let vectors = project("docs/vectors.json");
    let desk = Desk::new();
    let Some(checked) = desk.oracle("pseudonyms.py", ["--check".as_ref(), vectors.as_os_str()])
    else {
        return;
    };
    checked.exits(0);
}
