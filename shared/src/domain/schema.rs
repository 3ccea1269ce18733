//! How the values read in the API's description: JSON Schema with their limits.

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr,
        schema::{AnyOfBuilder, KnownFormat, Schema, SchemaFormat, SchemaType, Type},
    },
};

use super::{Description, DueDate, Email, Name, NewPassword, SessionId, TaskId, Timestamp, Title, UserId};

/// The pattern of a text that people read: no control characters but those that are typed.
pub const WITHOUT_CONTROL_CHARACTERS: &str = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$";

/// Gives a type the schema of a text.
macro_rules! text {
    ($type:ty, $description:literal, $build:expr) => {
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                let build: fn(ObjectBuilder) -> ObjectBuilder = $build;
                let text = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
                build(text.description(Some($description))).into()
            }
        }

        impl ToSchema for $type {}
    };
}

fn of_format(text: ObjectBuilder, format: KnownFormat) -> ObjectBuilder {
    text.format(Some(SchemaFormat::KnownFormat(format)))
}

text!(UserId, "A user's id: a UUID in lower case.", |text| {
    text.format(Some(SchemaFormat::Custom("uuid".to_owned()))).examples(["00000000-0000-4000-8000-000000000001"])
});

text!(SessionId, "A session's id: a UUID in lower case.", |text| {
    text.format(Some(SchemaFormat::Custom("uuid".to_owned()))).examples(["00000000-0000-4000-8000-000000000002"])
});

text!(Timestamp, "A moment: RFC 3339 in UTC, with three fraction digits.", |text| {
    of_format(text, KnownFormat::DateTime)
        .pattern(Some(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"))
        .examples(["2026-01-01T00:00:00.000Z"])
});

text!(Email, "An e-mail address of at most 255 characters, compared and kept in lower case.", |text| {
    // Not the format `email`: that is the grammar of RFC 5321, which is another one.
    text.max_length(Some(Email::MAX_CHARS))
        .pattern(Some(
            r"^([A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9-]*\.)+([A-Za-z]{2,}|[Xx][Nn]--[A-Za-z0-9-]*[A-Za-z0-9])$",
        ))
        .examples(["ann@example.com"])
});

text!(
    NewPassword,
    "A password to be set: 8 to 100 characters, counted after NFKC, and none of the most common.",
    |text| {
        of_format(text, KnownFormat::Password)
            .min_length(Some(8))
            .max_length(Some(100))
            .examples(["a long enough password"])
    }
);

text!(Name, "What a user is called: at most 100 characters.", |text| {
    text.max_length(Some(100)).pattern(Some(WITHOUT_CONTROL_CHARACTERS)).examples(["Ann"])
});

text!(Title, "What is to be done: 1 to 200 characters after trimming.", |text| {
    text.min_length(Some(1)).max_length(Some(200)).pattern(Some(r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$")).examples(["Buy milk"])
});

text!(Description, "More about a task: at most 5,000 characters.", |text| {
    text.max_length(Some(5000)).pattern(Some(WITHOUT_CONTROL_CHARACTERS)).examples(["Two litres, the one with the cow"])
});

impl PartialSchema for DueDate {
    fn schema() -> RefOr<Schema> {
        let of = |format| of_format(ObjectBuilder::new().schema_type(SchemaType::new(Type::String)), format);
        AnyOfBuilder::new()
            .item(of(KnownFormat::Date))
            .item(of(KnownFormat::DateTime))
            .description(Some(
                "When a task is due: an RFC 3339 date, which stays one, or a date-time, which is kept in UTC.",
            ))
            .examples(["2026-12-01"])
            .into()
    }
}

impl ToSchema for DueDate {}

impl PartialSchema for TaskId {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::Integer))
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
            .minimum(Some(0_usize))
            .maximum(Some(9_007_199_254_740_991_i64))
            .description(Some("A task's id: an integer that JavaScript keeps exact. Later tasks have greater ones."))
            .examples([298_526_539_776_000_i64])
            .into()
    }
}

impl ToSchema for TaskId {}
