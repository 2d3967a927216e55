//! Parquet: opens any bytes and reads every chunk of what opens.
#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use loup::format::columnar::{ParquetError, ParquetFile};

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary directory");
    file.write_all(bytes).expect("a temporary directory with room");
    let Ok(parquet) = ParquetFile::open(file.path()) else { return };
    for row_group in 0..parquet.row_groups() {
        for leaf in 0..parquet.leaves().len() {
            let _ = parquet.read::<ParquetError>(row_group, leaf, |_| Ok(()));
        }
    }
});
