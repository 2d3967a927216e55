//! The schema of a copy: that of its source with other names in it, and with leaves that became text.
//!
//! Names of columns can be personal data (a table pivoted on addresses), and a token does not fit into
//! a column of integers. So who makes a copy says what each name becomes, and which leaves become
//! text; everything that repeats the schema (the descriptors of chunks, the metadata of Arrow, pandas
//! and Spark) is written by what is decided here. A name becomes the same wherever it stands in a file.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use parquet::basic::{LogicalType, Type as Physical};
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::schema::types::{
    BasicTypeInfo, ColumnDescPtr, ColumnDescriptor, SchemaDescriptor, Type, TypePtr,
};

use super::error::{ParquetError, contain};
use super::file::ParquetFile;

/// What the schema of a copy is.
pub struct NewSchema {
    source: TypePtr,
    columns: SchemaDescriptor,
    /// What each name of the source becomes; most stay.
    names: HashMap<String, String>,
    /// Per leaf, whether it becomes text.
    texts: Vec<bool>,
    is_same: bool,
}

impl NewSchema {
    /// The schema of `file` in which the names in `renamed` are others, and the leaves flagged in `texts`
    /// are strings; each leaf has a flag.
    ///
    /// # Errors
    /// [`ParquetError::Names`] where a name would be empty, or two fields of one group that had different
    /// names would have the same, letters of both cases taken for equal, as query engines do.
    pub fn new(
        file: &ParquetFile,
        renamed: &HashMap<String, String>,
        texts: Vec<bool>,
    ) -> Result<Self, ParquetError> {
        if texts.len() != file.leaves().len() {
            return Err(ParquetError::Order("one flag per leaf is needed"));
        }
        let root = file.metadata().file_metadata().schema_descr().root_schema_ptr();
        Self::of(root, renamed, texts)
    }

    pub(super) fn of(
        source: TypePtr,
        renamed: &HashMap<String, String>,
        texts: Vec<bool>,
    ) -> Result<Self, ParquetError> {
        let mut names = HashMap::new();
        collect_names(&source, renamed, &mut names);
        let mut left = texts.iter().copied();
        let root = Change { names: &names, texts: &mut left }.node(&source)?;
        let is_same = Arc::ptr_eq(&root, &source);
        let columns = contain(|| Ok(SchemaDescriptor::new(root)))?;
        Ok(Self { source, columns, names, texts, is_same })
    }

    /// The names in the schema of `file`, each once, its own included.
    #[must_use]
    pub fn names_of(file: &ParquetFile) -> BTreeSet<String> {
        let mut names = HashMap::new();
        let root = file.metadata().file_metadata().schema_descr().root_schema_ptr();
        collect_names(&root, &HashMap::new(), &mut names);
        names.into_keys().collect()
    }

    /// Whether `file` has this schema, types and annotations alike; of its names, `is_name` is told what
    /// a node is called in the source and what in `file`, and decides.
    #[must_use]
    pub fn is_of(&self, file: &ParquetFile, is_name: &mut dyn FnMut(&str, &str) -> bool) -> bool {
        let found = file.metadata().file_metadata().schema_descr().root_schema_ptr();
        is_alike(&self.source, &self.root(), &found, is_name)
    }

    pub(super) fn root(&self) -> TypePtr {
        self.columns.root_schema_ptr()
    }

    /// What a name of the source becomes; nothing for what is none.
    pub(super) fn name(&self, source: &str) -> Option<&str> {
        self.names.get(source).map(String::as_str)
    }

    /// Whether a top-level column has another name than in the source.
    pub(super) fn renames_columns(&self) -> bool {
        self.source.get_fields().iter().any(|field| self.name(field.name()) != Some(field.name()))
    }

    /// Per leaf, whether it becomes text; nothing where none does.
    pub(super) fn texts(&self) -> Option<&[bool]> {
        self.texts.contains(&true).then_some(&self.texts)
    }

    /// Whether a leaf becomes text.
    pub(super) fn is_text(&self, leaf: usize) -> bool {
        self.texts[leaf]
    }

    /// The names in the source of the top-level columns that hold a leaf that becomes text.
    pub(super) fn columns_with_texts(&self) -> HashSet<&str> {
        let leaves = self.texts.iter().enumerate().filter(|(_, is_text)| **is_text);
        let fields = self.source.get_fields();
        leaves.map(|(leaf, _)| fields[self.columns.get_column_root_idx(leaf)].name()).collect()
    }

    /// What the footer says of a chunk of `leaf`, under this schema.
    pub(super) fn placed(
        &self,
        chunk: ColumnChunkMetaData,
        leaf: usize,
    ) -> parquet::errors::Result<ColumnChunkMetaData> {
        if self.is_same {
            return Ok(chunk);
        }
        let mut builder = ColumnChunkMetaData::builder(self.columns.column(leaf))
            .set_compression_codec(chunk.compression_codec())
            .set_encodings_mask(*chunk.encodings_mask())
            .set_total_compressed_size(chunk.compressed_size())
            .set_total_uncompressed_size(chunk.uncompressed_size())
            .set_num_values(chunk.num_values())
            .set_data_page_offset(chunk.data_page_offset())
            .set_dictionary_page_offset(chunk.dictionary_page_offset())
            .set_unencoded_byte_array_data_bytes(chunk.unencoded_byte_array_data_bytes())
            .set_repetition_level_histogram(chunk.repetition_level_histogram().cloned())
            .set_definition_level_histogram(chunk.definition_level_histogram().cloned());
        if let Some(statistics) = chunk.statistics() {
            builder = builder.set_statistics(statistics.clone());
        }
        if let Some(statistics) = chunk.geo_statistics() {
            builder = builder.set_geo_statistics(Box::new(statistics.clone()));
        }
        if let Some(statistics) = chunk.page_encoding_stats() {
            builder = builder.set_page_encoding_stats(statistics.clone());
        }
        builder.build()
    }
}

/// The column of a leaf once it is text, under the name it had.
pub(super) fn text_column(leaf: &ColumnDescriptor) -> Result<ColumnDescPtr, ParquetError> {
    let text = contain(|| text_leaf(leaf.self_type(), leaf.name()))?;
    let (definition, repetition) = (leaf.max_def_level(), leaf.max_rep_level());
    Ok(Arc::new(ColumnDescriptor::new(Arc::new(text), definition, repetition, leaf.path().clone())))
}

fn text_leaf(node: &Type, name: &str) -> parquet::errors::Result<Type> {
    let info = node.get_basic_info();
    Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
        .with_repetition(info.repetition())
        .with_logical_type(Some(LogicalType::String))
        .with_id(id(info))
        .build()
}

fn id(info: &BasicTypeInfo) -> Option<i32> {
    info.has_id().then(|| info.id())
}

/// Recursion is as deep as the schema, which the footer check bounds; so it is below.
fn collect_names(
    node: &Type,
    renamed: &HashMap<String, String>,
    names: &mut HashMap<String, String>,
) {
    let name = node.name();
    if !names.contains_key(name) {
        names.insert(name.to_owned(), renamed.get(name).map_or(name, String::as_str).to_owned());
    }
    if node.is_group() {
        for field in node.get_fields() {
            // By this name readers tell a list of two levels from one of three.
            if field.name() == format!("{name}_tuple") {
                names.insert(field.name().to_owned(), format!("{}_tuple", names[name]));
            }
            collect_names(field, renamed, names);
        }
    }
}

/// Makes a schema of another.
struct Change<'a, I> {
    names: &'a HashMap<String, String>,
    /// The flags of the leaves that are still to come.
    texts: &'a mut I,
}

impl<I: Iterator<Item = bool>> Change<'_, I> {
    /// What becomes of a node: the very same where nothing in it changes.
    fn node(&mut self, node: &TypePtr) -> Result<TypePtr, ParquetError> {
        let name = self.names[node.name()].as_str();
        let is_same = name == node.name();
        match &**node {
            Type::PrimitiveType { basic_info, physical_type, type_length, scale, precision } => {
                let new = match (self.texts.next().unwrap_or_default(), is_same) {
                    (true, _) => contain(|| text_leaf(node, name))?,
                    (false, true) => return Ok(Arc::clone(node)),
                    (false, false) => contain(|| {
                        Type::primitive_type_builder(name, *physical_type)
                            .with_repetition(basic_info.repetition())
                            .with_converted_type(basic_info.converted_type())
                            .with_logical_type(basic_info.logical_type_ref().cloned())
                            .with_length(*type_length)
                            .with_scale(*scale)
                            .with_precision(*precision)
                            .with_id(id(basic_info))
                            .build()
                    })?,
                };
                Ok(Arc::new(new))
            }
            Type::GroupType { basic_info, fields } => {
                self.check_names(fields)?;
                let new =
                    fields.iter().map(|field| self.node(field)).collect::<Result<Vec<_>, _>>()?;
                if is_same && new.iter().zip(fields).all(|(new, old)| Arc::ptr_eq(new, old)) {
                    return Ok(Arc::clone(node));
                }
                contain(|| {
                    let mut group = Type::group_type_builder(name)
                        .with_converted_type(basic_info.converted_type())
                        .with_logical_type(basic_info.logical_type_ref().cloned())
                        .with_fields(new)
                        .with_id(id(basic_info));
                    if basic_info.has_repetition() {
                        group = group.with_repetition(basic_info.repetition());
                    }
                    Ok(Arc::new(group.build()?))
                })
            }
        }
    }

    /// Refuses new names that are none, or that are those of other fields of the group.
    fn check_names(&self, fields: &[TypePtr]) -> Result<(), ParquetError> {
        if fields.iter().all(|field| self.names[field.name()] == field.name()) {
            return Ok(());
        }
        let mut taken: HashMap<String, (&str, bool)> = HashMap::new();
        for field in fields {
            let (old, new) = (field.name(), self.names[field.name()].as_str());
            if new.trim().is_empty() && new != old {
                return Err(ParquetError::Names("a column would have no name"));
            }
            let (before, was_renamed) =
                *taken.entry(new.to_lowercase()).or_insert((old, new != old));
            if before != old && (was_renamed || new != old) {
                let what = "two columns beside each other would have the same name";
                return Err(ParquetError::Names(what));
            }
        }
        Ok(())
    }
}

fn is_alike(
    source: &Type,
    new: &Type,
    found: &Type,
    is_name: &mut dyn FnMut(&str, &str) -> bool,
) -> bool {
    let (expected, info) = (new.get_basic_info(), found.get_basic_info());
    let repetition = |of: &BasicTypeInfo| of.has_repetition().then(|| of.repetition());
    if repetition(expected) != repetition(info)
        || expected.converted_type() != info.converted_type()
        || expected.logical_type_ref() != info.logical_type_ref()
        || id(expected) != id(info)
        || !is_name(source.name(), found.name())
    {
        return false;
    }
    match (new, found) {
        (
            Type::PrimitiveType { physical_type, type_length, scale, precision, .. },
            Type::PrimitiveType {
                physical_type: of_type,
                type_length: of_length,
                scale: of_scale,
                precision: of_precision,
                ..
            },
        ) => {
            (physical_type, type_length, scale, precision)
                == (of_type, of_length, of_scale, of_precision)
        }
        (Type::GroupType { fields: new, .. }, Type::GroupType { fields: found, .. }) => {
            new.len() == found.len()
                && source
                    .get_fields()
                    .iter()
                    .zip(new)
                    .zip(found)
                    .all(|((source, new), found)| is_alike(source, new, found, is_name))
        }
        _ => false,
    }
}
