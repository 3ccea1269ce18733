//! Due dates are read as the crate `chrono` reads them, and compare as the moments that they are.
#![no_main]

use chrono::{DateTime, NaiveDate};
use libfuzzer_sys::fuzz_target;
use shared::domain::{DueDate, Timestamp};

fuzz_target!(|input: &str| {
    let mut dates = input.split('\n').filter_map(|text| Some((DueDate::parse(text).ok()?, moment(text))));
    let Some((one, moment_of_one)) = dates.next() else { return };
    assert_eq!(DueDate::parse(one.as_str()).unwrap(), one);
    assert_eq!(moment(one.as_str()), moment_of_one);
    let Some((other, moment_of_other)) = dates.next() else { return };
    // As the store compares: text with text.
    let is_before = one.as_str() < other.lower_bound();
    assert_eq!(is_before, moment_of_one < moment_of_other, "{one:?} before {other:?}");
    let is_after = one.as_str() > other.upper_bound().as_str();
    assert_eq!(is_after, moment_of_one > moment_of_other, "{one:?} after {other:?}");
});

/// The moment that a text means which was taken for a due date, in milliseconds.
fn moment(text: &str) -> i64 {
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return date.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp_millis();
    }
    let moment = DateTime::parse_from_rfc3339(text).unwrap_or_else(|error| panic!("{text:?} is no date: {error}"));
    // Within a leap second it is as late as it was before.
    let millis = moment.timestamp() * 1000 + i64::from(moment.timestamp_subsec_millis().min(999));
    let moment = DateTime::from_timestamp_millis(millis).unwrap();
    let shown = Timestamp::from_millis(millis).to_rfc3339();
    assert_eq!(shown, moment.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string());
    millis
}
