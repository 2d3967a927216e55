//! The leaves of a schema: how fields are named, and which of them a rule can concern.

use parquet::basic::{
    ConvertedType, LogicalType, Repetition, TimeUnit as LogicalUnit, Type as Physical,
};
use parquet::schema::types::{SchemaDescriptor, Type};

/// A leaf column: where values are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The field: names joined by dots, `[*]` for the elements of a list, `{*}` for the values of a
    /// map and `{key}` for its keys: `contacts[*].email`, `attrs{*}`, `attrs{key}`.
    ///
    /// The groups that only spell out a list or map (`list.element`, `key_value.value`) do not
    /// appear. Names stand as they are, so a name with a dot in it looks like a struct.
    pub path: String,
    /// What the values are, to rules.
    pub class: LeafClass,
    /// Whether a value can be null by itself, so that [`ValueEdit::Null`](super::ValueEdit::Null)
    /// is possible. A required field inside an optional struct is not.
    pub nullable: bool,
    /// Parquet's name for the type, in lower case: `string`, `binary`, `int64`, `timestamp`, …
    pub type_name: &'static str,
}

/// What the values of a leaf are, to rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeafClass {
    /// Text of any length: strings, enums, JSON.
    Text,
    /// Unannotated bytes of any length, which may be text or not.
    Binary,
    /// Unannotated bytes of this fixed length, which may be text or not.
    FixedText(usize),
    /// Numbers.
    Number(Number),
    /// Dates, and points in time.
    Date(TimeUnit),
    /// Values that no rule can concern: flags, times of day, UUIDs.
    Other,
    /// Values that may hold text in an encoding this module does not open: BSON, VARIANT. They can
    /// neither be read nor rewritten, and have not been looked at.
    Opaque,
}

/// How a number is stored.
///
/// # Source
/// Parquet `LogicalTypes.md`, "Numeric Types".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// A signed integer of so many bits.
    Signed(u8),
    /// An unsigned integer of so many bits, stored as the signed one with the same bits.
    Unsigned(u8),
    /// An integer, or the bytes of one from the highest on, in two's complement: the number times
    /// ten to the power of `scale`, which has at most `precision` digits.
    Decimal { precision: u32, scale: u32 },
    /// A binary floating-point number of 32 bits.
    Float,
    /// A binary floating-point number of 64 bits.
    Double,
}

/// What a point in time is counted in, from the first of January 1970 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    Days,
    Millis,
    Micros,
    Nanos,
    /// The day by its Julian number and nanoseconds within it, in 96 bits.
    JulianDay,
}

impl LeafClass {
    /// Whether a value can become other bytes.
    #[must_use]
    pub fn is_bytes(self) -> bool {
        matches!(self, Self::Text | Self::Binary | Self::FixedText(_))
    }

    /// Whether the values can be read.
    #[must_use]
    pub fn is_read(self) -> bool {
        !matches!(self, Self::Other | Self::Opaque)
    }
}

/// The leaves of `schema`, in the order of its columns.
pub(super) fn leaves(schema: &SchemaDescriptor) -> Vec<Leaf> {
    let mut leaves = Vec::with_capacity(schema.num_columns());
    for field in schema.root_schema().get_fields() {
        walk(field, field.name(), false, &mut leaves);
    }
    leaves
}

/// Adds the leaves of `node`, which is known by `name` up to and including itself.
///
/// Recursion is as deep as the schema, which the footer check bounds.
fn walk(node: &Type, name: &str, in_variant: bool, leaves: &mut Vec<Leaf>) {
    // A repeated field outside any LIST is a list without a group of its own.
    let repeated = node.get_basic_info().has_repetition()
        && node.get_basic_info().repetition() == Repetition::REPEATED;
    let name = if repeated { format!("{name}[*]") } else { name.to_owned() };
    if node.is_primitive() {
        leaves.push(leaf(node, name, in_variant));
        return;
    }
    let in_variant = in_variant || is(node, &LogicalKind::Variant);
    match node.get_fields() {
        [entries] if is(node, &LogicalKind::List) && is_repeated(entries) => {
            walk_list(node, entries, &name, in_variant, leaves);
        }
        [entries] if is(node, &LogicalKind::Map) && is_repeated(entries) && entries.is_group() => {
            walk_map(entries, &name, in_variant, leaves);
        }
        fields => walk_fields(fields, &name, in_variant, leaves),
    }
}

fn walk_fields(
    fields: &[std::sync::Arc<Type>],
    name: &str,
    in_variant: bool,
    leaves: &mut Vec<Leaf>,
) {
    for field in fields {
        walk(field, &format!("{name}.{}", field.name()), in_variant, leaves);
    }
}

/// # Source
/// Parquet `LogicalTypes.md`, "Lists", with its rules for files from before the three-level form.
fn walk_list(list: &Type, entries: &Type, name: &str, in_variant: bool, leaves: &mut Vec<Leaf>) {
    if entries.is_primitive() {
        // `walk` sees that it is repeated and adds the `[*]`.
        return walk(entries, name, in_variant, leaves);
    }
    let element = format!("{name}[*]");
    let two_level = entries.name() == "array" || entries.name() == format!("{}_tuple", list.name());
    match entries.get_fields() {
        [only] if !two_level && !is_repeated(only) => walk(only, &element, in_variant, leaves),
        fields => walk_fields(fields, &element, in_variant, leaves),
    }
}

/// # Source
/// Parquet `LogicalTypes.md`, "Maps": the first field of an entry is the key, the second the value,
/// whatever their names.
fn walk_map(entries: &Type, name: &str, in_variant: bool, leaves: &mut Vec<Leaf>) {
    for (ordinal, field) in entries.get_fields().iter().enumerate() {
        let name = match ordinal {
            0 => format!("{name}{{key}}"),
            1 => format!("{name}{{*}}"),
            _ => format!("{name}{{*}}.{}", field.name()),
        };
        walk(field, &name, in_variant, leaves);
    }
}

/// The annotations of groups, whichever way a file spells them.
enum LogicalKind {
    List,
    Map,
    Variant,
}

fn is(node: &Type, kind: &LogicalKind) -> bool {
    let info = node.get_basic_info();
    match (kind, info.logical_type_ref(), info.converted_type()) {
        (LogicalKind::List, logical, converted) => {
            logical == Some(&LogicalType::List) || converted == ConvertedType::LIST
        }
        (LogicalKind::Map, logical, converted) => {
            logical == Some(&LogicalType::Map)
                || matches!(converted, ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE)
        }
        (LogicalKind::Variant, logical, _) => matches!(logical, Some(LogicalType::Variant(_))),
    }
}

fn is_repeated(node: &Type) -> bool {
    node.get_basic_info().has_repetition()
        && node.get_basic_info().repetition() == Repetition::REPEATED
}

fn leaf(node: &Type, path: String, in_variant: bool) -> Leaf {
    let info = node.get_basic_info();
    let (class, type_name) = if in_variant {
        (LeafClass::Opaque, "variant")
    } else {
        classify(node, info.logical_type_ref(), info.converted_type())
    };
    let nullable = info.has_repetition() && info.repetition() == Repetition::OPTIONAL;
    Leaf { path, class, nullable, type_name }
}

fn classify(
    node: &Type,
    logical: Option<&LogicalType>,
    converted: ConvertedType,
) -> (LeafClass, &'static str) {
    use LeafClass::{Binary, Date, FixedText, Number as Numeric, Opaque, Other, Text};
    match node.get_physical_type() {
        Physical::BYTE_ARRAY => match (logical, converted) {
            (Some(LogicalType::String), _) | (None, ConvertedType::UTF8) => (Text, "string"),
            (Some(LogicalType::Enum), _) | (None, ConvertedType::ENUM) => (Text, "enum"),
            (Some(LogicalType::Json), _) | (None, ConvertedType::JSON) => (Text, "json"),
            (Some(LogicalType::Bson), _) | (None, ConvertedType::BSON) => (Opaque, "bson"),
            (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => decimal(node),
            (Some(LogicalType::Geometry(_)), _) => (Other, "geometry"),
            (Some(LogicalType::Geography(_)), _) => (Other, "geography"),
            (Some(LogicalType::Unknown), _) => (Other, "null"),
            (None, ConvertedType::NONE) => (Binary, "binary"),
            _ => (Opaque, "unknown"),
        },
        Physical::FIXED_LEN_BYTE_ARRAY => match (logical, converted, type_length(node)) {
            (None, ConvertedType::NONE, Some(length)) => (FixedText(length), "fixed_binary"),
            (Some(LogicalType::Uuid), ..) => (Other, "uuid"),
            (Some(LogicalType::Decimal(_)), ..) | (None, ConvertedType::DECIMAL, _) => {
                decimal(node)
            }
            (Some(LogicalType::Float16), ..) => (Other, "float16"),
            (None, ConvertedType::INTERVAL, _) => (Other, "interval"),
            _ => (Opaque, "unknown"),
        },
        Physical::INT64 => match (logical, converted) {
            (None, ConvertedType::NONE | ConvertedType::INT_64) => {
                (Numeric(Number::Signed(64)), "int64")
            }
            (None, ConvertedType::UINT_64) => (Numeric(Number::Unsigned(64)), "uint64"),
            (Some(LogicalType::Integer(integer)), _) if integer.is_signed => {
                (Numeric(Number::Signed(64)), "int64")
            }
            (Some(LogicalType::Integer(_)), _) => (Numeric(Number::Unsigned(64)), "uint64"),
            (Some(LogicalType::Timestamp(timestamp)), _) => {
                let unit = match timestamp.unit {
                    LogicalUnit::MILLIS => TimeUnit::Millis,
                    LogicalUnit::MICROS => TimeUnit::Micros,
                    LogicalUnit::NANOS => TimeUnit::Nanos,
                };
                (Date(unit), "timestamp")
            }
            (None, ConvertedType::TIMESTAMP_MILLIS) => (Date(TimeUnit::Millis), "timestamp"),
            (None, ConvertedType::TIMESTAMP_MICROS) => (Date(TimeUnit::Micros), "timestamp"),
            (Some(LogicalType::Time(_)), _) | (None, ConvertedType::TIME_MICROS) => (Other, "time"),
            (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => decimal(node),
            _ => (Other, "unknown"),
        },
        Physical::BOOLEAN => (Other, "boolean"),
        Physical::INT32 => match (logical, converted) {
            (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => {
                (Date(TimeUnit::Days), "date")
            }
            (Some(LogicalType::Time(_)), _) | (None, ConvertedType::TIME_MILLIS) => (Other, "time"),
            (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => decimal(node),
            (Some(LogicalType::Integer(integer)), _) => {
                let bits = u8::try_from(integer.bit_width).unwrap_or(32).min(32);
                if integer.is_signed {
                    (Numeric(Number::Signed(bits)), "int32")
                } else {
                    (Numeric(Number::Unsigned(bits)), "uint32")
                }
            }
            (None, ConvertedType::UINT_8) => (Numeric(Number::Unsigned(8)), "uint32"),
            (None, ConvertedType::UINT_16) => (Numeric(Number::Unsigned(16)), "uint32"),
            (None, ConvertedType::UINT_32) => (Numeric(Number::Unsigned(32)), "uint32"),
            (None, ConvertedType::INT_8) => (Numeric(Number::Signed(8)), "int32"),
            (None, ConvertedType::INT_16) => (Numeric(Number::Signed(16)), "int32"),
            (None, ConvertedType::NONE | ConvertedType::INT_32) => {
                (Numeric(Number::Signed(32)), "int32")
            }
            _ => (Other, "unknown"),
        },
        Physical::INT96 => (Date(TimeUnit::JulianDay), "timestamp"),
        Physical::FLOAT => (Numeric(Number::Float), "float"),
        Physical::DOUBLE => (Numeric(Number::Double), "double"),
    }
}

/// The class of a decimal; one whose schema contradicts itself has values of no meaning.
fn decimal(node: &Type) -> (LeafClass, &'static str) {
    let Type::PrimitiveType { precision, scale, .. } = node else {
        return (LeafClass::Other, "decimal");
    };
    let class = match (u32::try_from(*precision), u32::try_from(*scale)) {
        (Ok(precision), Ok(scale)) => LeafClass::Number(Number::Decimal { precision, scale }),
        _ => LeafClass::Other,
    };
    (class, "decimal")
}

/// Bytes of a fixed-length value, unless the schema gives none.
fn type_length(node: &Type) -> Option<usize> {
    match node {
        Type::PrimitiveType { type_length, .. } => {
            usize::try_from(*type_length).ok().filter(|&length| length > 0)
        }
        Type::GroupType { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parquet::schema::parser::parse_message_type;

    use super::*;

    fn named(message: &str) -> Vec<(String, LeafClass, bool)> {
        let schema = SchemaDescriptor::new(Arc::new(parse_message_type(message).unwrap()));
        leaves(&schema).into_iter().map(|leaf| (leaf.path, leaf.class, leaf.nullable)).collect()
    }

    fn paths(message: &str) -> Vec<String> {
        named(message).into_iter().map(|(path, ..)| path).collect()
    }

    #[test]
    fn standard_lists_and_maps_lose_their_scaffolding() {
        assert_eq!(
            paths(
                "message m {
                   optional group contacts (LIST) { repeated group list {
                     optional group element { optional binary email (UTF8);
                       optional group tags (LIST) { repeated group list {
                         optional binary element (UTF8); } } } } }
                   optional group attrs (MAP) { repeated group key_value {
                     required binary key (UTF8); optional binary value (UTF8); } }
                   optional group byDay (MAP) { repeated group key_value {
                     required binary key (UTF8);
                     optional group value { optional binary note (UTF8); } } }
                 }"
            ),
            [
                "contacts[*].email",
                "contacts[*].tags[*]",
                "attrs{key}",
                "attrs{*}",
                "byDay{key}",
                "byDay{*}.note"
            ]
        );
    }

    #[test]
    fn lists_from_before_the_three_level_form_are_named_alike() {
        assert_eq!(
            paths(
                "message m {
                   repeated binary bare (UTF8);
                   optional group two (LIST) { repeated binary array (UTF8); }
                   optional group wide (LIST) { repeated group element {
                     required binary a (UTF8); required binary b (UTF8); } }
                   optional group old (LIST) { repeated group array { required binary a (UTF8); } }
                   optional group pig (LIST) { repeated group pig_tuple {
                     required binary a (UTF8); } }
                 }"
            ),
            ["bare[*]", "two[*]", "wide[*].a", "wide[*].b", "old[*].a", "pig[*].a"]
        );
    }

    #[test]
    fn classes_follow_the_annotation() {
        let classes: Vec<_> = named(
            "message m {
               required binary s (UTF8); optional binary b; optional binary j (JSON);
               optional binary bson (BSON); optional binary d (DECIMAL(9,2));
               optional fixed_len_byte_array(5) f; optional fixed_len_byte_array(16) u (UUID);
               optional int64 i; optional int64 n (INTEGER(64,false));
               optional int64 t (TIMESTAMP(MICROS,true)); optional int64 c (DECIMAL(9,2));
               optional int32 n32; optional int32 u32 (INTEGER(32,false));
               optional int32 small (INTEGER(16,true)); optional int32 day (DATE);
               optional int96 old; optional int32 noon (TIME(MILLIS,true));
               optional float y; optional double x;
             }",
        )
        .into_iter()
        .map(|(_, class, nullable)| (class, nullable))
        .collect();
        use super::{Number as N, TimeUnit as T};
        use LeafClass::*;
        let decimal = Number(N::Decimal { precision: 9, scale: 2 });
        assert_eq!(
            classes,
            [
                (Text, false),
                (Binary, true),
                (Text, true),
                (Opaque, true),
                (decimal, true),
                (FixedText(5), true),
                (Other, true),
                (Number(N::Signed(64)), true),
                (Number(N::Unsigned(64)), true),
                (Date(T::Micros), true),
                (decimal, true),
                (Number(N::Signed(32)), true),
                (Number(N::Unsigned(32)), true),
                (Number(N::Signed(16)), true),
                (Date(T::Days), true),
                (Date(T::JulianDay), true),
                (Other, true),
                (Number(N::Float), true),
                (Number(N::Double), true),
            ]
        );
    }
}
