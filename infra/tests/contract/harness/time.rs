//! Timestamps in the one shape that the contract has for them.

use ::time::{Duration, OffsetDateTime, macros::format_description};
use serde_json::Value;

/// `0` in the shape is any digit; everything else is itself.
pub fn fits(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(
            |(byte, form)| {
                if form == b'0' { byte.is_ascii_digit() } else { byte == form }
            },
        )
}

/// RFC 3339, UTC, exactly three fraction digits, `Z`.
pub fn is_timestamp(text: &str) -> bool {
    fits(text, "0000-00-00T00:00:00.000Z")
}

/// A timestamp of the one shape, which sorts as text.
#[track_caller]
pub fn timestamp(value: &Value) -> String {
    let text = value.as_str().unwrap_or_else(|| panic!("not a timestamp: {value}"));
    assert!(is_timestamp(text), "not a timestamp: {text}");
    text.to_owned()
}

/// The time `seconds` from now in the shape of [`is_timestamp`].
pub fn seconds_from_now(seconds: i64) -> String {
    let shape = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].000Z");
    (OffsetDateTime::now_utc() + Duration::seconds(seconds)).format(&shape).unwrap()
}
