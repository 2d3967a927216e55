//! Names of places: fields inside a dataset.
