//! JSON in the bodies of either dialect: what `JSON.parse` takes, up to a depth.

use serde_json::Value;

use crate::Error;

/// How deep arrays and objects may stand in each other. That of serde_json is one less.
const MAX_DEPTH: usize = 128;

/// The value in a body.
///
/// As in JavaScript, a byte order mark is skipped, of members of one name the last counts, half a surrogate pair reads as
/// U+FFFD, and a number may have any size: one that is too large for a double is some other large number.
///
/// # Errors
/// [`Error::BodyEmpty`], [`Error::NestedTooDeeply`] or [`Error::MalformedJson`].
pub(super) fn read(body: &[u8]) -> Result<Value, Error> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if body.trim_ascii().is_empty() {
        return Err(Error::BodyEmpty);
    }
    // Nearly every body is taken as it is, so that the rest costs nothing.
    serde_json::from_slice(body).or_else(|_| {
        let body = Tolerant::of(body)?;
        serde_json::from_slice(&body).map_err(|error| malformed(&body, &error))
    })
}

/// Where the error is, and not the parser's words, which quote: the body may hold a password.
fn malformed(body: &[u8], error: &serde_json::Error) -> Error {
    if std::str::from_utf8(body).is_err() {
        return Error::MalformedJson("it is not UTF-8".to_owned());
    }
    Error::MalformedJson(format!("the error is at line {} column {}", error.line(), error.column()))
}

/// A body in which everything that JavaScript takes and serde_json does not is replaced by something of the same length, so
/// that places in it stay where they are. What is no JSON stays none.
struct Tolerant {
    body: Vec<u8>,
    depth: usize,
    /// Where the array or object at the deepest level begins.
    deepest: usize,
}

impl Tolerant {
    fn of(body: &[u8]) -> Result<Vec<u8>, Error> {
        let mut tolerant = Self { body: body.to_vec(), depth: 0, deepest: 0 };
        let mut at = 0;
        while let Some(byte) = body.get(at) {
            at = match byte {
                b'"' => tolerant.string(at + 1),
                b'-' | b'0'..=b'9' => tolerant.number(at),
                b'[' | b'{' => tolerant.open(at)?,
                b']' | b'}' => tolerant.close(at),
                _ => at + 1,
            };
        }
        Ok(tolerant.body)
    }

    /// Goes behind the string whose text begins at `at`.
    fn string(&mut self, mut at: usize) -> usize {
        loop {
            match self.body.get(at) {
                None => return at,
                Some(b'"') => return at + 1,
                Some(b'\\') => at = self.escape(at),
                Some(_) => at += 1,
            }
        }
    }

    /// Goes behind an escape, which becomes U+FFFD if it is half a surrogate pair.
    fn escape(&mut self, at: usize) -> usize {
        match (self.code_unit(at), self.code_unit(at + 6)) {
            (None, _) => at + 2,
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => at + 12,
            (Some(0xd800..0xe000), _) => {
                self.replace(at, at + 6, b"\\ufffd");
                at + 6
            }
            (Some(_), _) => at + 6,
        }
    }

    /// The code unit that is written as `\uXXXX` at `at`.
    fn code_unit(&self, at: usize) -> Option<u16> {
        let digits = self.body.get(at..at + 6)?.strip_prefix(b"\\u")?;
        let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u16::from_str_radix(text, 16).ok()
    }

    /// Goes behind a number, which becomes another large one if no double is as large.
    fn number(&mut self, start: usize) -> usize {
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let token = self.body.get(start..).unwrap_or_default();
        let token: Vec<u8> = token.iter().copied().take_while(is_part).collect();
        let end = start + token.len();
        let value = std::str::from_utf8(&token).ok().filter(|text| is_number(text)).and_then(|text| text.parse().ok());
        if value.is_some_and(f64::is_infinite) {
            self.replace(start, end, b"9");
        }
        end
    }

    fn open(&mut self, at: usize) -> Result<usize, Error> {
        self.depth += 1;
        match self.depth {
            MAX_DEPTH => self.deepest = at,
            depth if depth > MAX_DEPTH => return Err(Error::NestedTooDeeply),
            _ => {}
        }
        Ok(at + 1)
    }

    /// No field reaches down to the deepest level, and serde_json does not either: what stands there is checked by itself.
    fn close(&mut self, at: usize) -> usize {
        if self.depth == MAX_DEPTH {
            let inside = self.body.get(self.deepest..=at).unwrap_or_default();
            if serde_json::from_slice::<Value>(inside).is_ok() {
                self.replace(self.deepest, at + 1, b"0");
            }
        }
        self.depth = self.depth.saturating_sub(1);
        at + 1
    }

    /// Puts `value` and blanks in the place of what stands from `start` to before `end`.
    fn replace(&mut self, start: usize, end: usize, value: &[u8]) {
        let place = self.body.get_mut(start..end).unwrap_or_default();
        let padded = value.iter().copied().chain(std::iter::repeat(b' '));
        place.iter_mut().zip(padded).for_each(|(old, new)| *old = new);
    }
}

/// Whether a text is a number as JSON writes it (RFC 8259, section 6).
fn is_number(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let has_leading_zero = whole.len() > 1 && whole.starts_with('0');
    is_digits(whole)
        && !has_leading_zero
        && is_digits(fraction)
        && is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn value(text: &str) -> Value {
        read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn nested(depth: usize) -> String {
        format!("{}{}", "[".repeat(depth), "]".repeat(depth))
    }

    #[test]
    fn a_byte_order_mark_is_skipped_once() {
        assert_eq!(value("\u{feff}{\"a\":1}"), json!({"a": 1}));
        assert!(read("\u{feff}\u{feff}{}".as_bytes()).is_err());
        assert!(read("{\u{feff}}".as_bytes()).is_err());
    }

    #[test]
    fn half_a_surrogate_pair_is_a_replacement_character() {
        for (text, expected) in [
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\uDE00x""#, "\u{fffd}x"),
            (r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"),
            (r#""\ud83d\ude00\ude00""#, "\u{1f600}\u{fffd}"),
            (r#""\ud83d\n""#, "\u{fffd}\n"),
            (r#""\ud83d\\ude00""#, "\u{fffd}\\ude00"),
            // A backslash that is escaped begins no escape.
            (r#""\\ud83d\ud83d""#, "\\ud83d\u{fffd}"),
            (r#""\"\ud83d""#, "\"\u{fffd}"),
        ] {
            assert_eq!(value(text), json!(expected), "{text}");
        }
        assert_eq!(value(r#"{"\ud83d": 1}"#), json!({"\u{fffd}": 1}));
        for text in [r#""\ud83""#, r#""\ud83d"#, r#""\ud83d\u""#, r#""\ud83d\u+000""#, r"\ud83d"] {
            assert!(matches!(read(text.as_bytes()), Err(Error::MalformedJson(_))), "{text}");
        }
    }

    #[test]
    fn a_number_may_have_any_size() {
        let digits = "9".repeat(400);
        for number in ["1e400", "-1E+400", "0.1e99999999999999999999", "1e-99999999999999999999", &digits] {
            assert!(value(&format!(r#"{{"a": [{number}], "b": "{number}"}}"#))["a"][0].is_number(), "{number}");
        }
        for number in ["01e400", "1e400e5", "1.e400", "+1e400", "1e400-", "-", "1e", "1e4 00", "--1e400", "1e400x"] {
            assert!(matches!(read(number.as_bytes()), Err(Error::MalformedJson(_))), "{number}");
        }
        // What looks like a number in a text is none.
        assert_eq!(value(r#"["1e400", 1e400]"#)[0], "1e400");
    }

    #[test]
    fn nesting_has_one_limit() {
        assert!(value(&nested(MAX_DEPTH)).is_array());
        assert!(value(&nested(MAX_DEPTH).replace("[]", r#"[1e400, "]\ud800", true]"#)).is_array());
        assert!(matches!(read(nested(MAX_DEPTH + 1).as_bytes()), Err(Error::NestedTooDeeply)));
        assert!(matches!(read(nested(30_000).as_bytes()), Err(Error::NestedTooDeeply)));
        assert!(matches!(read(nested(MAX_DEPTH).replace("[]", "[,]").as_bytes()), Err(Error::MalformedJson(_))));
        assert!(matches!(read(nested(MAX_DEPTH).replace("[]", "[}").as_bytes()), Err(Error::MalformedJson(_))));
        // Brackets in a text are text.
        assert!(value(&json!(nested(1000)).to_string()).is_string());
    }

    #[test]
    fn the_last_of_a_name_counts() {
        assert_eq!(value(r#"{"a": 1, "a": 2}"#), json!({"a": 2}));
        assert_eq!(value(r#"{"a": 1e400, "a": 2}"#), json!({"a": 2}));
    }

    #[test]
    fn an_error_says_where_and_quotes_nothing() {
        let cause = |body: &[u8]| read(body).unwrap_err().to_string();
        assert_eq!(
            cause(br#"{"password": "hunter22" oops}"#),
            "malformed JSON: the error is at line 1 column 25",
            "located"
        );
        // What is replaced on the way moves nothing.
        assert_eq!(cause(br#"["\ud800", 1e400, oops]"#), "malformed JSON: the error is at line 1 column 19");
        assert_eq!(cause(b"\"\xff\""), "malformed JSON: it is not UTF-8");
        for empty in ["", " \r\n\t", "\u{feff}", "\u{feff} "] {
            assert!(matches!(read(empty.as_bytes()), Err(Error::BodyEmpty)), "{empty:?}");
        }
    }

    proptest! {
        #[test]
        fn no_body_panics(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _: Result<Value, Error> = read(&body);
        }

        /// Whatever stands around what is replaced, what is JSON is read as what it says.
        #[test]
        fn texts_stay_as_they_are(text: String, other: String) {
            let body = format!(r#"{{"huge": 1e400, "text": {}, "other": {}}}"#, json!(text), json!(other));
            let read = read(body.as_bytes()).unwrap();
            prop_assert_eq!((&read["text"], &read["other"]), (&json!(text), &json!(other)));
        }

        #[test]
        fn what_is_no_json_stays_none(body in "[\\[\\]{}\",:\\\\0-9eE+.\\-ud8ac ]{0,24}") {
            // JavaScript's parser is not at hand; a number in the place of all that is replaced is a second opinion.
            let is_plain = !body.contains('\\') && !body.contains(['e', 'E']);
            if is_plain {
                prop_assert_eq!(read(body.as_bytes()).is_ok(), serde_json::from_str::<Value>(&body).is_ok());
            }
        }
    }
}
