use serde::Serialize;
use time::{
    Date, OffsetDateTime, Time, UtcOffset, format_description::BorrowedFormatItem,
    format_description::well_known::Rfc3339, macros::format_description,
};

use super::{Invalid, Timestamp};

const DATE: &[BorrowedFormatItem<'_>] = format_description!(version = 2, "[year]-[month]-[day]");
/// How long that is.
const DATE_BYTES: usize = 10;

/// When a task is due: an RFC 3339 date (`2026-12-01`) or date-time.
///
/// A date stays a date. A date-time is kept in UTC with three fraction digits. Both forms compare as text, a date being
/// the first moment of its day in UTC; [`DueDate::lower_bound`] and [`DueDate::upper_bound`] make that exact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct DueDate(String);

impl DueDate {
    /// Parses a date or date-time.
    ///
    /// # Errors
    /// A sentence for the sender when the text is neither, or not between the years 0 and 9999 in UTC.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let invalid = "The date must be an RFC 3339 date such as 2026-12-01 or date-time such as 2026-12-01T17:30:00Z.";
        if let Ok(date) = Date::parse(text, DATE)
            && let Ok(shown) = date.format(DATE)
            && shown == text
            && (0..=9999).contains(&date.year())
        {
            return Ok(Self(shown));
        }
        // RFC 3339, section 5.6, lets a blank stand in the place of the T. The parser lets anything.
        if !matches!(text.as_bytes().get(DATE_BYTES), Some(b'T' | b't' | b' ')) {
            return Err(invalid.into());
        }
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| Invalid::from(invalid))?;
        match moment.checked_to_offset(UtcOffset::UTC) {
            Some(utc) if (0..=9999).contains(&utc.year()) => Ok(Self(Timestamp::from(utc).to_rfc3339())),
            _ => Err(invalid.into()),
        }
    }

    /// The date or date-time.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text that everything due at this moment or later is not below: for "due before".
    pub fn lower_bound(&self) -> &str {
        self.0.strip_suffix("T00:00:00.000Z").unwrap_or(&self.0)
    }

    /// The text that everything due at this moment or earlier is not above: for "due after".
    pub fn upper_bound(&self) -> String {
        match Date::parse(&self.0, DATE) {
            Ok(date) => Timestamp::from(OffsetDateTime::new_utc(date, Time::MIDNIGHT)).to_rfc3339(),
            Err(_) => self.0.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> DueDate {
        DueDate::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn keeps_dates_and_moves_date_times_to_utc() {
        assert_eq!(parsed("2026-12-01").as_str(), "2026-12-01");
        for text in ["2026-12-01T17:30:00Z", "2026-12-01t17:30:00z", "2026-12-01 17:30:00Z"] {
            assert_eq!(parsed(text).as_str(), "2026-12-01T17:30:00.000Z", "{text}");
        }
        assert_eq!(parsed("2026-12-01T00:30:00.123456+01:00").as_str(), "2026-11-30T23:30:00.123Z");
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "tomorrow",
            "2026-13-01",
            "2026-02-30",
            "2026-1-1",
            "01.12.2026",
            "2026-12-01T17:30:00",
            "2026-12-01T25:00:00Z",
            "2026-12-01x17:30:00Z",
            "2026-12-01017:30:00Z",
            "2026-12-01\x0017:30:00Z",
            "+2026-12-01",
            "-001-12-01",
            "-2030-01-31",
            "2026-12-01 ",
            "0000-01-01T00:00:00+10:00",
            "9999-12-31T23:59:59-10:00",
        ] {
            assert!(DueDate::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_date_and_its_first_moment_are_equal() {
        for first in ["2026-12-01", "2026-12-01T00:00:00Z"] {
            for second in ["2026-12-01", "2026-12-01T00:00:00Z"] {
                let (due, bound) = (parsed(first), parsed(second));
                assert!(due.as_str() >= bound.lower_bound(), "{first} is not before {second}");
                assert!(due.as_str() <= bound.upper_bound().as_str(), "{first} is not after {second}");
            }
        }
        assert!(parsed("2026-11-30T23:59:59.999Z").as_str() < parsed("2026-12-01").lower_bound());
        assert!(parsed("2026-12-01T00:00:00.001Z").as_str() > parsed("2026-12-01").upper_bound().as_str());
    }

    proptest! {
        #[test]
        fn never_panics_and_is_stable(text in "\\PC{0,40}|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]{8,14}(Z|[+-][0-9]{2}:[0-9]{2}))?") {
            if let Ok(due) = DueDate::parse(&text) {
                prop_assert_eq!(DueDate::parse(due.as_str()), Ok(due));
            }
        }
    }
}
