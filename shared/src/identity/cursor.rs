//! Cursors of lists: where the next page starts, in a form that only we can make and that fits no other list.

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::keys::KeyRing;
use crate::{
    Error,
    domain::{Position, TaskQuery, UserId},
};

/// How much of the MAC a cursor carries: 128 bits cannot be guessed, and a cursor stands in every link.
const MAC_BYTES: usize = 16;

/// A cursor for `position` in the list that `query` asks for.
///
/// # Errors
/// [`Error::Internal`] if the position cannot be serialized, or those of [`Keys::cursor`](super::keys::Keys::cursor).
pub fn issue(keys: &KeyRing, owner: UserId, query: &TaskQuery, position: &Position) -> Result<String, Error> {
    let position = serde_json::to_vec(position).map_err(Error::internal)?;
    let mac = hmac::sign(keys.current.cursor()?, &signed_part(owner, query, &position)?);
    let mac = mac.as_ref().get(..MAC_BYTES).unwrap_or_default();
    Ok(BASE64_URL_SAFE_NO_PAD.encode([mac, &position].concat()))
}

/// The position in a cursor.
///
/// # Errors
/// [`Error::Validation`] if it was not made for this user and the same filters, sort and order.
pub fn read(keys: &KeyRing, owner: UserId, query: &TaskQuery, cursor: &str) -> Result<Position, Error> {
    let refused = || Error::invalid("cursor", "The cursor is not one of this list; start again without it.");
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    let (mac, position) = bytes.split_first_chunk::<MAC_BYTES>().ok_or_else(refused)?;
    let signed = signed_part(owner, query, position)?;
    for keys in keys.all() {
        let expected = hmac::sign(keys.cursor()?, &signed);
        let expected = expected.as_ref().get(..MAC_BYTES).unwrap_or_default();
        if aws_lc_rs::constant_time::verify_slices_are_equal(mac, expected).is_ok() {
            return serde_json::from_slice(position).map_err(Error::internal);
        }
    }
    Err(refused())
}

fn signed_part(owner: UserId, query: &TaskQuery, position: &[u8]) -> Result<Vec<u8>, Error> {
    let query = serde_json::to_vec(query).map_err(Error::internal)?;
    // JSON holds no zero byte, so that no two lists and positions have one signed form.
    Ok([owner.0.as_bytes().as_slice(), &query, &[0], position].concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        domain::{Priority, TaskId},
        identity::access_token::tests::{PRINCIPAL, key_ring},
    };

    const SECRET: &str = "first-secret-0123456789-0123456789";
    const OTHER: &str = "other-secret-0123456789-0123456789";

    fn made() -> (KeyRing, TaskQuery, Position, String) {
        let (keys, query) = (key_ring(SECRET, None), TaskQuery { limit: 10, ..TaskQuery::default() });
        let position = Position { window: TaskId::parse("9007199254740991"), ..Position::default() };
        let cursor = issue(&keys, PRINCIPAL.user_id, &query, &position).unwrap();
        (keys, query, position, cursor)
    }

    #[test]
    fn a_cursor_leads_back_to_its_place_and_survives_one_rotation() {
        let (keys, query, position, cursor) = made();
        for keys in [keys, key_ring(OTHER, Some(SECRET))] {
            assert_eq!(read(&keys, PRINCIPAL.user_id, &query, &cursor).unwrap(), position);
        }
        assert!(read(&key_ring(OTHER, None), PRINCIPAL.user_id, &query, &cursor).is_err());
    }

    #[test]
    fn a_cursor_is_of_one_list_of_one_user() {
        let (keys, query, _, cursor) = made();
        let other = TaskQuery { priority: Some(Priority::High), ..query.clone() };
        assert!(read(&keys, PRINCIPAL.user_id, &other, &cursor).is_err());
        assert!(read(&keys, UserId(PRINCIPAL.session_id.0), &query, &cursor).is_err());
    }

    #[test]
    fn no_changed_bit_and_no_length_is_accepted() {
        let (keys, query, _, cursor) = made();
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&cursor).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert!(read(&keys, PRINCIPAL.user_id, &query, &BASE64_URL_SAFE_NO_PAD.encode(forged)).is_err(), "{bit}");
        }
        for length in 0..bytes.len() {
            let cut = BASE64_URL_SAFE_NO_PAD.encode(&bytes[..length]);
            assert!(read(&keys, PRINCIPAL.user_id, &query, &cut).is_err(), "{length}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_a_cursor(text in "\\PC{0,200}") {
            let (keys, query, ..) = made();
            prop_assert!(read(&keys, PRINCIPAL.user_id, &query, &text).is_err());
        }
    }
}
