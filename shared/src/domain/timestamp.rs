use serde::{Deserialize, Serialize, Serializer};
use time::OffsetDateTime;

/// A moment: whole milliseconds since 1970-01-01 UTC.
///
/// It is stored as that number and shown to clients as RFC 3339 text through [`Timestamp::to_rfc3339`] and
/// [`Timestamp::serialize_rfc3339`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `millis` milliseconds after 1970-01-01 UTC.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The moment `seconds` seconds after 1970-01-01 UTC.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1000))
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01 UTC, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The moment `seconds` later.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// `2026-11-23T04:32:09.379Z`. Moments outside the years 0 to 9999 are shown as the nearest one inside.
    pub fn to_rfc3339(self) -> String {
        self.rfc3339().iter().copied().map(char::from).collect()
    }

    /// For `#[serde(serialize_with)]`: the text of [`Timestamp::to_rfc3339`].
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize_rfc3339<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(str::from_utf8(&self.rfc3339()).unwrap_or_default())
    }

    /// RFC 3339, UTC, exactly three fraction digits: browsers' date parsers misread more or fewer. Written by hand, because a list
    /// shows two thousand of them.
    fn rfc3339(self) -> [u8; 24] {
        let moment = OffsetDateTime::from_unix_timestamp(self.seconds()).ok();
        let Some((moment, year)) = moment.and_then(|it| Some((it, u16::try_from(it.year()).ok()?))) else {
            return if self.0 < 0 { *b"0000-01-01T00:00:00.000Z" } else { *b"9999-12-31T23:59:59.999Z" };
        };
        let milli = u16::try_from(self.0.rem_euclid(1000)).unwrap_or_default();
        let ([y4, y3], [y2, y1]) = (two_digits(year / 100), two_digits(year % 100));
        let [month2, month1] = two_digits(u8::from(moment.month()).into());
        let [day2, day1] = two_digits(moment.day().into());
        let [hour2, hour1] = two_digits(moment.hour().into());
        let [minute2, minute1] = two_digits(moment.minute().into());
        let [second2, second1] = two_digits(moment.second().into());
        let ([_, milli3], [milli2, milli1]) = (two_digits(milli / 100), two_digits(milli % 100));
        [
            y4, y3, y2, y1, b'-', month2, month1, b'-', day2, day1, b'T', hour2, hour1, b':', minute2, minute1, b':',
            second2, second1, b'.', milli3, milli2, milli1, b'Z',
        ]
    }
}

/// The last two digits of a number.
fn two_digits(number: u16) -> [u8; 2] {
    let digit = |digit: u16| b'0'.saturating_add(u8::try_from(digit).unwrap_or_default());
    [digit(number / 10 % 10), digit(number % 10)]
}

impl From<OffsetDateTime> for Timestamp {
    fn from(moment: OffsetDateTime) -> Self {
        let millis = moment.unix_timestamp_nanos().div_euclid(1_000_000);
        Self(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_shown_with_exactly_three_fraction_digits() {
        let shown = |millis| Timestamp::from_millis(millis).to_rfc3339();
        assert_eq!(shown(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(shown(1_795_408_329_379), "2026-11-23T04:32:09.379Z");
        assert_eq!(shown(1_795_408_329_300), "2026-11-23T04:32:09.300Z");
        assert_eq!(shown(-1), "1969-12-31T23:59:59.999Z");
    }

    #[test]
    fn every_moment_is_shown_as_the_calendar_has_it() {
        let format = time::macros::format_description!(
            version = 2,
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z"
        );
        let (first, last) = (-62_167_219_200_000, 253_402_300_799_999);
        let mut moments = vec![first, last, -1, 0, 951_782_400_000, 4_107_542_399_999];
        moments.extend((0..20_000).map(|step| first + step * 15_778_476_000 + step * 7));
        for millis in moments.into_iter().filter(|millis| *millis <= last) {
            let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).unwrap();
            assert_eq!(Timestamp::from_millis(millis).to_rfc3339(), moment.format(format).unwrap());
        }
    }

    #[test]
    fn never_panics_at_the_ends() {
        assert_eq!(Timestamp::from_millis(i64::MAX).to_rfc3339(), "9999-12-31T23:59:59.999Z");
        assert_eq!(Timestamp::from_millis(i64::MIN).to_rfc3339(), "0000-01-01T00:00:00.000Z");
        assert_eq!(Timestamp::from_seconds(i64::MAX).plus_seconds(1).millis(), i64::MAX);
    }
}
