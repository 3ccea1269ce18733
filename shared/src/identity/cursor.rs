//! Cursors of lists: where the next page starts, in a form that only we can make and that fits no other list.

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use super::keys::{KeyRing, Keys};
use crate::{
    Error,
    domain::{Position, TaskQuery, UserId},
};

/// How much of the MAC a cursor carries: 128 bits cannot be guessed, and a cursor stands in every link.
const MAC_BYTES: usize = 16;

/// A cursor for `position` in the list that `query` asks for.
///
/// # Errors
/// [`Error::Internal`] if the position cannot be serialized.
pub fn issue(keys: &KeyRing, owner: UserId, query: &TaskQuery, position: &Position) -> Result<String, Error> {
    let position = serde_json::to_vec(position).map_err(Error::internal)?;
    let mac = hmac::sign(&keys.current.cursor, &signed_part(owner, query, &position)?);
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
    let made_by = |keys: &Keys| {
        let expected = hmac::sign(&keys.cursor, &signed);
        let expected = expected.as_ref().get(..MAC_BYTES).unwrap_or_default();
        aws_lc_rs::constant_time::verify_slices_are_equal(mac, expected).is_ok()
    };
    if !keys.all().any(made_by) {
        return Err(refused());
    }
    serde_json::from_slice(position).map_err(Error::internal)
}

fn signed_part(owner: UserId, query: &TaskQuery, position: &[u8]) -> Result<Vec<u8>, Error> {
    let query = serde_json::to_vec(query).map_err(Error::internal)?;
    // JSON holds no zero byte, so that no two lists and positions have one signed form.
    Ok([owner.0.as_bytes().as_slice(), &query, &[0], position].concat())
}
