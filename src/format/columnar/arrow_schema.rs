//! `ARROW:schema`: the Arrow schema that a writer leaves in the footer, as base64 of a flatbuffer.
//!
//! It carries metadata of its own, per schema and per field, that no search of the file's bytes
//! would find. It also says what the columns were in Arrow (a dictionary, a large string, a time
//! zone), so it cannot simply go.

use std::slice::Iter;
use std::sync::Arc;

use arrow_ipc::convert::try_schema_from_ipc_buffer;
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, UnionFields};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema};

use super::error::{ParquetError, contain};
use super::metadata::Cleaner;

/// Goes before the keys of entries inside the schema in the report.
const PREFIX: &str = "ARROW:schema/";

/// The encoded schema without the metadata that has to go: as it stands if that is none, encoded
/// anew otherwise, and `None` if it does not decode. Readers then take the types of Parquet.
pub(super) fn clean(encoded: &str, cleaner: &mut Cleaner<'_>) -> Option<String> {
    let decoded = STANDARD.decode(encoded).ok();
    let schema = decoded.as_ref().and_then(|bytes| {
        let call = || try_schema_from_ipc_buffer(bytes).map_err(Into::into);
        contain(call).ok()
    });
    let (Some(decoded), Some(schema)) = (decoded, schema) else {
        cleaner.drop_entry("", ARROW_SCHEMA_META_KEY);
        return None;
    };
    let Some(cleaned) = clean_schema(&schema, cleaner) else {
        cleaner.drop_entry("", ARROW_SCHEMA_META_KEY);
        return None;
    };
    // A flatbuffer can hold strings that the schema does not refer to, or has no name for here (the
    // metadata of the message). Encoding anew leaves them behind.
    if cleaned == schema && !cleaner.is_found_in_bytes(&decoded) {
        return Some(encoded.to_owned());
    }
    let encoded: Result<String, ParquetError> = contain(|| Ok(encode_arrow_schema(&cleaned)));
    if encoded.is_err() {
        cleaner.drop_entry("", ARROW_SCHEMA_META_KEY);
    }
    encoded.ok()
}

/// Nothing where the leaves are not those of the file, and some of them became text.
fn clean_schema(schema: &Schema, cleaner: &mut Cleaner<'_>) -> Option<Schema> {
    let metadata: Vec<(String, String)> = schema
        .metadata()
        .iter()
        .filter_map(|(key, value)| Some((key.clone(), cleaner.entry(PREFIX, key, value)?)))
        .collect();
    let mut fields: Fields =
        schema.fields().iter().map(|field| clean_field(field, cleaner)).collect();
    if let Some(texts) = cleaner.schema.texts() {
        let mut left = texts.iter();
        fields = retype_all(&fields, &mut left).filter(|_| left.next().is_none())?;
    }
    let schema =
        Schema::new(fields).with_metadata(metadata.into_iter().collect::<arrow_schema::Metadata>());
    Some(schema)
}

/// Recursion is as deep as the flatbuffer verifier allows.
fn clean_field(field: &FieldRef, cleaner: &mut Cleaner<'_>) -> FieldRef {
    let metadata: Vec<(String, String)> = field
        .metadata()
        .iter()
        .filter_map(|(key, value)| Some((key.clone(), cleaner.field_entry(PREFIX, key, value)?)))
        .collect();
    let data_type = clean_type(field.data_type(), cleaner);
    let name = cleaner.name(field.name());
    let field: Field = field.as_ref().clone();
    Arc::new(
        field
            .with_name(name)
            .with_data_type(data_type)
            .with_metadata(metadata.into_iter().collect::<arrow_schema::Metadata>()),
    )
}

fn clean_type(data_type: &DataType, cleaner: &mut Cleaner<'_>) -> DataType {
    match data_type {
        DataType::List(item) => DataType::List(clean_field(item, cleaner)),
        DataType::LargeList(item) => DataType::LargeList(clean_field(item, cleaner)),
        DataType::ListView(item) => DataType::ListView(clean_field(item, cleaner)),
        DataType::LargeListView(item) => DataType::LargeListView(clean_field(item, cleaner)),
        DataType::FixedSizeList(item, size) => {
            DataType::FixedSizeList(clean_field(item, cleaner), *size)
        }
        DataType::Struct(fields) => {
            DataType::Struct(fields.iter().map(|field| clean_field(field, cleaner)).collect())
        }
        DataType::Map(entries, sorted) => DataType::Map(clean_field(entries, cleaner), *sorted),
        DataType::Dictionary(key, value) => {
            DataType::Dictionary(key.clone(), Box::new(clean_type(value, cleaner)))
        }
        DataType::RunEndEncoded(ends, values) => {
            DataType::RunEndEncoded(clean_field(ends, cleaner), clean_field(values, cleaner))
        }
        DataType::Union(fields, mode) => {
            let fields: UnionFields =
                fields.iter().map(|(id, field)| (id, clean_field(field, cleaner))).collect();
            DataType::Union(fields, *mode)
        }
        leaf => leaf.clone(),
    }
}

/// Makes strings of the leaves that are flagged, in the order of Parquet's; nothing where there are more
/// leaves than flags, or a type that Parquet does not have. As deep as the rest.
fn retype_all(fields: &Fields, texts: &mut Iter<'_, bool>) -> Option<Fields> {
    fields.iter().map(|field| retype(field, texts)).collect()
}

fn retype(field: &FieldRef, texts: &mut Iter<'_, bool>) -> Option<FieldRef> {
    let of_type = match field.data_type() {
        DataType::List(item) => DataType::List(retype(item, texts)?),
        DataType::LargeList(item) => DataType::LargeList(retype(item, texts)?),
        DataType::ListView(item) => DataType::ListView(retype(item, texts)?),
        DataType::LargeListView(item) => DataType::LargeListView(retype(item, texts)?),
        DataType::FixedSizeList(item, size) => DataType::FixedSizeList(retype(item, texts)?, *size),
        DataType::Struct(fields) => DataType::Struct(retype_all(fields, texts)?),
        DataType::Map(entries, sorted) => DataType::Map(retype(entries, texts)?, *sorted),
        DataType::RunEndEncoded(ends, values) => {
            DataType::RunEndEncoded(Arc::clone(ends), retype(values, texts)?)
        }
        DataType::Union(..) => return None,
        _ => {
            if !*texts.next()? {
                return Some(Arc::clone(field));
            }
            // What it was an extension of is no text.
            let mut metadata = field.metadata().clone();
            metadata.retain(|key, _| !key.starts_with("ARROW:extension:"));
            let field = field.as_ref().clone().with_data_type(DataType::Utf8);
            return Some(Arc::new(field.with_metadata(metadata)));
        }
    };
    Some(Arc::new(field.as_ref().clone().with_data_type(of_type)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::ops::Range;

    use parquet::schema::parser::parse_message_type;

    use super::super::new_schema::NewSchema;
    use super::*;

    fn nothing(_: &[u8]) -> Vec<Range<usize>> {
        Vec::new()
    }

    fn cleaned(encoded: &str) -> (Option<String>, Vec<String>) {
        let root = parse_message_type("message m { optional binary a; }").unwrap();
        let schema = NewSchema::of(root.into(), &HashMap::new(), vec![false]).unwrap();
        let mut cleaner = Cleaner::new(&schema, &nothing);
        let kept = clean(encoded, &mut cleaner);
        (kept, cleaner.into_dropped())
    }

    fn decode(encoded: &str) -> Schema {
        try_schema_from_ipc_buffer(&STANDARD.decode(encoded).unwrap()).unwrap()
    }

    fn dictionary() -> DataType {
        DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::LargeUtf8))
    }

    #[test]
    fn a_schema_without_metadata_stays_byte_for_byte() {
        let encoded = encode_arrow_schema(&Schema::new(vec![Field::new("a", dictionary(), true)]));
        assert_eq!(cleaned(&encoded), (Some(encoded.clone()), vec![]));
    }

    #[test]
    fn metadata_goes_at_every_depth_and_types_stay() {
        let item = Field::new("item", DataType::Utf8View, true)
            .with_metadata([("note", "x"), ("PARQUET:field_id", "7")]);
        let list = DataType::List(Arc::new(item));
        let fields = vec![
            Field::new("a", dictionary(), true).with_metadata([("comment", "x")]),
            Field::new("l", list, true),
        ];
        let schema = Schema::new(fields).with_metadata([("owner", "x")]);
        let (kept, dropped) = cleaned(&encode_arrow_schema(&schema));
        let kept = decode(&kept.unwrap());
        assert_eq!(dropped, ["ARROW:schema/comment", "ARROW:schema/note", "ARROW:schema/owner"]);
        assert!(kept.metadata().is_empty());
        assert_eq!(kept.field(0).data_type(), &dictionary());
        let DataType::List(item) = kept.field(1).data_type() else { panic!("no list") };
        assert_eq!(item.data_type(), &DataType::Utf8View);
        assert_eq!(item.metadata().len(), 1);
    }

    #[test]
    fn what_does_not_decode_goes() {
        for broken in ["", "!", "AAAA", "/////wAAAAA="] {
            assert_eq!(cleaned(broken), (None, vec!["ARROW:schema".to_owned()]));
        }
    }
}
